using System.Collections.Immutable;

namespace Platform.Capture.Takes;

/// <summary>What <c>cleanup</c> hides on any page: consent walls, chats and advertisements by the names their makers give them.</summary>
internal static class Clutter
{
    public static ImmutableArray<string> Selectors { get; } =
    [
        // Consent
        "#onetrust-consent-sdk", "#onetrust-banner-sdk", "#CybotCookiebotDialog", "#CybotCookiebotDialogBodyUnderlay", "#usercentrics-root", "#usercentrics-cmp-ui", "#didomi-host",
        ".qc-cmp2-container", "#qc-cmp2-container", ".fc-consent-root", "#sp_message_container", "div[id^='sp_message_container_']", "#truste-consent-track", "#consent_blackbox",
        ".truste_overlay", ".truste_box_overlay", "#cookie-law-info-bar", "#cookie-notice", "#cookieConsent", "#cookie-banner", "#cookie-consent", "#cookiebanner", ".cookie-banner",
        ".cookie-consent", ".cookie-notice", ".cookieConsent", ".cc-window", ".cc-banner", "#cmpbox", "#cmpwrapper", "#cmplz-cookiebanner-container", ".cmplz-cookiebanner",
        "#BorlabsCookieBox", ".osano-cm-window", "#iubenda-cs-banner", "#axeptio_overlay", "#tarteaucitronRoot", "#klaro", ".klaro", "#termly-code-snippet-support", "#ketch-consent-banner",
        "#cookiescript_injected", "#gdpr-cookie-message", "#moove_gdpr_cookie_info_bar", ".evidon-banner", "#_evidon_banner", "#transcend-consent-manager", "#privacy-banner",
        // Chats
        "#intercom-container", ".intercom-lightweight-app", "#hubspot-messages-iframe-container", "#drift-widget", "#drift-frame-controller", ".crisp-client", "#tidio-chat",
        "#launcher[title]", "iframe#launcher", "#webWidget", ".zEWidget-launcher", "#chat-widget-container", "#livechat-compact-container", "#tawkchat-container", "#freshworks-container",
        "#fc_frame", "#olark-wrapper", "#gist-app", "#chatlio-widget", ".helpcrunch-iframe-wrapper", "#beacon-container", "df-messenger", "zapier-interfaces-chatbot-embed",
        // Advertisements
        "ins.adsbygoogle", "div[id^='google_ads_']", "div[id^='div-gpt-ad']", "iframe[id^='google_ads_iframe']", "#carbonads", ".ad-slot", ".advertisement", "amp-ad",
    ];
}
