using System.Text.Json;
using Platform.Gateway.Access;

namespace Platform.Cli.Operating;

/// <summary>A key as the file keeps it.</summary>
internal sealed record KeptKey(string Id, string Sha256, string Tenant, string[] Scopes, DateTimeOffset CreatedAt);

/// <summary>The keys of an installation on this machine: hashes only, in a file that only this user reads.</summary>
internal sealed class KeyFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _path;
    private readonly List<KeptKey> _keys;

    public KeyFile(string home)
    {
        _path = Path.Combine(home, "keys.json");
        _keys = File.Exists(_path) ? JsonSerializer.Deserialize<List<KeptKey>>(File.ReadAllText(_path), Json)! : [];
    }

    public bool IsEmpty => _keys.Count == 0;
    public IReadOnlyList<KeptKey> Keys => _keys;

    /// <summary>The same as settings of the Gateway.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => _keys.SelectMany((key, index) => new[]
    {
        KeyValuePair.Create<string, string?>($"Access:Keys:{index}:Sha256", key.Sha256),
        KeyValuePair.Create<string, string?>($"Access:Keys:{index}:Tenant", key.Tenant),
    }.Concat(key.Scopes.Select((scope, i) => KeyValuePair.Create<string, string?>($"Access:Keys:{index}:Scopes:{i}", scope))));

    /// <summary>Makes a key. What is returned is shown once.</summary>
    public string Add(string tenant, string[] scopes)
    {
        var key = ApiKey.Create();
        _keys.Add(new KeptKey(key[..(ApiKey.Prefix.Length + 6)], ApiKey.Hash(key), tenant, scopes, DateTimeOffset.UtcNow));
        Save();
        return key;
    }

    /// <summary>Removes a key by its id. False when there is none.</summary>
    public bool Remove(string id)
    {
        if (_keys.RemoveAll(key => key.Id == id) == 0) return false;
        Save();
        return true;
    }

    private void Save()
    {
        var partial = _path + ".part";
        using (var file = new FileStream(partial, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            JsonSerializer.Serialize(file, _keys, Json);
        File.Move(partial, _path, overwrite: true);
    }
}
