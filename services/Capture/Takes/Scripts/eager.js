// Pictures that wait to be scrolled to are fetched with the rest, so that nothing moves when they come.
addEventListener('DOMContentLoaded', () => { for (const e of document.querySelectorAll('img[loading=lazy],iframe[loading=lazy]')) e.loading = 'eager'; });
