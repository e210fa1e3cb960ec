using System.CommandLine;
using Platform.Gateway.Access;

namespace Platform.Cli.Operating;

/// <summary><c>keys</c>: who may use the API of <c>serve</c> and <c>up</c> on this machine. Running gateways take changes at their next start.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "Whose key it is.", DefaultValueFactory = _ => "default" };
        var scopes = new Option<string[]>("--scope") { Description = $"What it allows: {string.Join(", ", Scopes.All)}. Default: everything.", DefaultValueFactory = _ => [] };
        scopes.AcceptOnlyFromAmong([.. Scopes.All]);
        var create = new Command("create", "Makes a key and prints it: it is kept as a hash only.") { tenant, scopes };
        create.SetAction(parsed =>
        {
            Console.WriteLine(new KeyFile(Home()).Add(parsed.GetValue(tenant)!, parsed.GetValue(scopes)!));
            return 0;
        });

        var list = new Command("list", "Lists the keys by how they begin.");
        list.SetAction(_ =>
        {
            foreach (var key in new KeyFile(Home()).Keys) Console.WriteLine($"{key.Id}…  {key.Tenant,-20} {key.CreatedAt:u}  {(key.Scopes.Length == 0 ? Scopes.Admin : string.Join(' ', key.Scopes))}");
            return 0;
        });

        var id = new Argument<string>("id") { Description = "How the key begins, as list shows it." };
        var revoke = new Command("revoke", "Removes a key.") { id };
        revoke.SetAction(parsed =>
        {
            if (new KeyFile(Home()).Remove(parsed.GetValue(id)!.TrimEnd('…'))) return 0;
            Console.Error.WriteLine("There is no such key.");
            return CommandLine.Failed;
        });
        var settings = new Command("settings", "Prints the keys as environment variables of a gateway: hashes only.");
        settings.SetAction(_ =>
        {
            foreach (var (name, value) in new KeyFile(Home()).Settings) Console.WriteLine($"{name.Replace(":", "__", StringComparison.Ordinal)}={value}");
            return 0;
        });
        return new Command("keys", "Keys of the API on this machine.") { create, list, revoke, settings };
    }

    private static string Home() => Directory.CreateDirectory(CommandLine.Home).FullName;
}
