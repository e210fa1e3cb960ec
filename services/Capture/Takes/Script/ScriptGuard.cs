using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Platform.Capture.Takes.Script;

/// <summary>What a script may not do unless it says so. Pure.</summary>
internal static partial class ScriptGuard
{
    /// <summary>Whether one of a control's names says that pressing it deletes, pays, orders, sends or signs out.</summary>
    public static bool IsDestructive(IEnumerable<string> names) => names.Any(name => Destructive().IsMatch(name));

    /// <summary>Whether a page may be led there: the allowed origins, <c>about:blank</c>, and parts of the same document.</summary>
    public static bool IsAllowed(string address, ImmutableHashSet<string> origins) =>
        address is "about:blank" || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || origins.Contains(OriginOf(uri));

    /// <summary>Scheme, host and port, as an origin is written.</summary>
    public static string OriginOf(Uri uri) => uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant();

    // English, and the commonest words of the languages that most shops and tools are in. Whole words: "Payload" and "Undelete" are neither.
    [GeneratedRegex(
        """
        \b(delete|remove|erase|destroy|wipe|discard|deactivate|terminate|unsubscribe|revoke|purge|drop\ (table|database)|factory\ reset|reset\ (all|everything|account|data)
        |(close|cancel)\ (my\ |your\ |this\ )?(account|subscription|plan|membership|order|booking)
        |pay|pay\ now|purchase|buy\ (now|it\ now)|(place|confirm|submit|complete)\ (my\ |your\ |the\ )?(order|purchase|payment|booking)|order\ now|checkout\ now|donate|transfer|withdraw|send\ (money|payment|invoice)
        |send|publish|log\ ?out|sign\ ?out
        |löschen|entfernen|kündigen|bezahlen|kaufen|jetzt\ bestellen|zahlungspflichtig|absenden|abmelden
        |supprimer|effacer|payer|acheter|commander|résilier|envoyer|se\ déconnecter
        |eliminar|borrar|pagar|comprar|enviar|cerrar\ sesión
        |elimina|cancella|paga|acquista|invia
        |excluir|apagar|verwijderen|betalen|kopen)\b
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Destructive();
}
