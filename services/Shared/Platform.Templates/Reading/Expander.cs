using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Templates;

/// <summary>
/// Fills placeholders, in one pass: what a value brings along is data and never looked at again. A string that is one placeholder becomes the value with its type;
/// inside other text values are written out. Blocks work in text, and as the one member of an object that stands for the parts of a list.
/// </summary>
internal sealed class Expander(IReadOnlyDictionary<string, JsonElement> input, IReadOnlySet<string>? declared, SchemaValidator check)
{
    /// <summary>Turns of all loops together.</summary>
    private const int MostTurns = 100_000;

    private int _length;
    private int _turns;

    /// <summary>Where everything comes from.</summary>
    public Origins Origins { get; } = new();

    /// <summary>The filled template, or null when it cannot be.</summary>
    public JsonObject? Expand(JsonElement template)
    {
        var result = new JsonObject();
        foreach (var member in template.EnumerateObject())
        {
            var at = SchemaValidator.Child("", member.Name);
            result[member.Name] = member.NameEquals("inputs") ? Copy(member.Value) : Single(member.Value, at, "/template" + at, Scope.Of(input));
        }
        return check.Problems.Count > 0 ? null : result;
    }

    private JsonNode? Single(JsonElement value, string at, string origin, Scope scope)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String: return Text(value, at, origin, scope);
            case JsonValueKind.Array: return List(value, at, origin, scope);
            case JsonValueKind.Object when Block(value, origin) is { } block:
                var parts = Parts(block, value, origin, scope).ToList();
                if (parts.Count > 1) Add(origin, "not_allowed", "Gives several values where one belongs.");
                return parts.Count == 0 ? null : Single(parts[0].Value, Noted(at, parts[0].Origin), parts[0].Origin, parts[0].Scope);
            case JsonValueKind.Object:
                var result = new JsonObject();
                foreach (var member in value.EnumerateObject())
                {
                    if (NameOf(member) is not { } name) { Add(origin, "invalid_text", "A name holds a NUL or half of a surrogate pair."); continue; }
                    var (here, there) = (SchemaValidator.Child(at, name), SchemaValidator.Child(origin, name));
                    // A condition that leaves nothing leaves no member.
                    if (Single(member.Value, here, there, scope) is { } node) result[name] = node;
                    else if (member.Value.ValueKind == JsonValueKind.Null) result[name] = null;
                }
                return result;
            default: return Copy(value);
        }
    }

    private JsonArray List(JsonElement list, string at, string origin, Scope scope)
    {
        var result = new JsonArray();
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var there = SchemaValidator.Child(origin, (index++).ToString(CultureInfo.InvariantCulture));
            var parts = item.ValueKind == JsonValueKind.Object && Block(item, there) is { } block ? Flat(Parts(block, item, there, scope)) : [(item, there, scope)];
            foreach (var (value, from, inside) in parts)
            {
                if (_length > TemplateReader.LongestSnapshot) return result;
                var here = SchemaValidator.Child(at, result.Count.ToString(CultureInfo.InvariantCulture));
                if (Single(value, Noted(here, from), from, inside) is { } node) result.Add(node);
            }
        }
        return result;
    }

    // A block whose body is a list gives the list's items, and blocks among them theirs.
    private IEnumerable<(JsonElement Value, string Origin, Scope Scope)> Flat(IEnumerable<(JsonElement Value, string Origin, Scope Scope)> parts)
    {
        foreach (var (value, origin, scope) in parts)
        {
            var items = value.ValueKind == JsonValueKind.Array
                ? value.EnumerateArray().Select((item, i) => (item, SchemaValidator.Child(origin, i.ToString(CultureInfo.InvariantCulture)), scope))
                : [(value, origin, scope)];
            foreach (var part in items)
                if (part.item.ValueKind == JsonValueKind.Object && Block(part.item, part.Item2) is { } block)
                    foreach (var inner in Flat(Parts(block, part.item, part.Item2, part.scope))) yield return inner;
                else yield return part;
        }
    }

    private IEnumerable<(JsonElement Value, string Origin, Scope Scope)> Parts(TextBlock block, JsonElement value, string origin, Scope scope)
    {
        var name = value.EnumerateObject().First().Name;
        var there = SchemaValidator.Child(origin, name);
        if (Find(block, there, scope) is not { } found) yield break;
        if (block.IsEach)
        {
            if (found.Value.ValueKind != JsonValueKind.Array) { Add(found.Origin, "wrong_type", $"Must be a list: {block.Path} is repeated over."); yield break; }
            var count = found.Value.GetArrayLength();
            for (var i = 0; i < count && !TooManyTurns(); i++)
                yield return (value.GetProperty(name), there, scope.Item(found.Value[i], SchemaValidator.Child(found.Origin, i.ToString(CultureInfo.InvariantCulture)), i, count, block.As));
        }
        else if (Holds(found.Value)) yield return (value.GetProperty(name), there, scope);
        else if (value.TryGetProperty("{{else}}", out var other)) yield return (other, SchemaValidator.Child(origin, "{{else}}"), scope);
    }

    private JsonNode? Text(JsonElement value, string at, string origin, Scope scope)
    {
        if (SchemaValidator.Text(value) is not { } text) { Add(origin, "invalid_text", "Holds a NUL or half of a surrogate pair."); return null; }
        if (!text.Contains("{{", StringComparison.Ordinal)) return Copy(value);
        if (PlaceholderText.Parse(text, out var problem) is not { } parts) { Add(origin, problem!.Code, problem.Detail); return null; }
        if (parts is [TextValue or TextFormula])
        {
            if (Find(parts[0], origin, scope) is not { } found) return null;
            Origins.Note(at, found.Origin);
            return Copy(found.Value);
        }
        var filled = new System.Text.StringBuilder();
        Write(filled, parts, origin, scope);
        _length += filled.Length;
        return filled.ToString();
    }

    private void Write(System.Text.StringBuilder to, IReadOnlyList<TextPart> parts, string origin, Scope scope)
    {
        foreach (var part in parts)
        {
            if (TooLong(to.Length)) return;
            switch (part)
            {
                case TextLiteral literal: to.Append(literal.Text); break;
                case TextValue or TextFormula when Find(part, origin, scope) is { } found: WriteValue(to, part, found, origin); break;
                case TextBlock block when Find(block, origin, scope) is { } found: WriteBlock(to, block, found, origin, scope); break;
            }
        }
    }

    private void WriteValue(System.Text.StringBuilder to, TextPart part, (JsonElement Value, string Origin) found, string origin)
    {
        switch (found.Value.ValueKind)
        {
            case JsonValueKind.String: to.Append(SchemaValidator.Text(found.Value)); break;
            case JsonValueKind.Number: to.Append(found.Value.GetRawText()); break;
            case JsonValueKind.True or JsonValueKind.False: to.Append(found.Value.GetBoolean() ? "true" : "false"); break;
            case JsonValueKind.Null: break;
            default: Add(found.Origin, "wrong_type", $"Must be text or a number: {(part is TextFormula computed ? computed.Formula.Text : ((TextValue)part).Path)} is written inside of text at {origin}."); break;
        }
    }

    private void WriteBlock(System.Text.StringBuilder to, TextBlock block, (JsonElement Value, string Origin) found, string origin, Scope scope)
    {
        if (!block.IsEach) Write(to, Holds(found.Value) ? block.Body : block.Else, origin, scope);
        else if (found.Value.ValueKind != JsonValueKind.Array) Add(found.Origin, "wrong_type", $"Must be a list: {block.Path} is repeated over.");
        else
        {
            var count = found.Value.GetArrayLength();
            for (var i = 0; i < count && !TooManyTurns(); i++)
                Write(to, block.Body, origin, scope.Item(found.Value[i], SchemaValidator.Child(found.Origin, i.ToString(CultureInfo.InvariantCulture)), i, count, block.As));
        }
    }

    // A condition may ask for what was left out: it does not hold.
    private (JsonElement Value, string Origin)? Find(TextBlock block, string origin, Scope scope) =>
        block.Condition is { } condition ? Compute(condition, origin, scope, mayBeLeftOut: true) : Find(block.Path, origin, scope, mayBeLeftOut: !block.IsEach);

    private (JsonElement Value, string Origin)? Find(TextPart part, string origin, Scope scope) =>
        part is TextFormula computed ? Compute(computed.Formula, origin, scope, mayBeLeftOut: false) : Find(((TextValue)part).Path, origin, scope);

    private (JsonElement Value, string Origin)? Compute(Formula formula, string origin, Scope scope, bool mayBeLeftOut)
    {
        var told = false;
        var calculator = new Calculator((name, optional) =>
        {
            if (Find(name, origin, scope, optional) is { } found) return Operand.Of(found.Value, found.Origin);
            told = true;
            throw new CalculationException("missing_input", null, "");
        });
        try
        {
            var value = calculator.ValueOf(formula, mayBeLeftOut);
            return (value.ToJson(), value.Origin ?? origin);
        }
        catch (CalculationException e)
        {
            if (!told) Add(e.Origin ?? origin, e.Code, e.Origin is null || e.Origin == origin ? $"{e.Message} {{{{{Formula.Short(formula.Text)}}}}}" : $"{e.Message} It is computed with at {origin}: {Formula.Short(formula.Text)}.");
            return null;
        }
    }

    private (JsonElement Value, string Origin)? Find(string path, string origin, Scope scope, bool mayBeLeftOut = false)
    {
        var steps = path.Split('.');
        if (scope.Find(steps[0]) is not { } found)
        {
            if (mayBeLeftOut && declared?.Contains(steps[0]) == true) return (default, $"/input/{steps[0]}");
            if (declared?.Contains(steps[0]) == true || (declared is null && steps[0][0] != '@')) Add($"/input/{steps[0]}", "missing_input", $"Is needed at {origin}.");
            else Add(origin, "unknown_placeholder", declared is null or { Count: 0 } ? $"There is no \"{path}\"." : $"There is no \"{path}\"; inputs are {string.Join(", ", declared)}.");
            return null;
        }
        foreach (var step in steps[1..])
        {
            var at = SchemaValidator.Child(found.Origin, step);
            if (found.Value.ValueKind == JsonValueKind.Object && found.Value.TryGetProperty(step, out var member)) found = (member, at);
            else if (found.Value.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.Value.GetArrayLength())
                found = (found.Value[index], at);
            else if (mayBeLeftOut) return (default, at);
            else { Add(at, "missing_input", $"Is needed at {origin}."); return null; }
        }
        return found;
    }

    // What a script would call true.
    private static bool Holds(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => false,
        JsonValueKind.String => SchemaValidator.Text(value) is { Length: > 0 },
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    private TextBlock? Block(JsonElement value, string origin)
    {
        var members = value.EnumerateObject();
        if (!members.MoveNext() || NameOf(members.Current) is not { } name || !name.StartsWith("{{#", StringComparison.Ordinal) || !name.EndsWith("}}", StringComparison.Ordinal)) return null;
        var block = PlaceholderText.ParseBlock(name[2..^2].Trim(), out var problem);
        if (problem is not null) Add(SchemaValidator.Child(origin, name), problem.Code, problem.Detail);
        return block;
    }

    private JsonNode? Copy(JsonElement value)
    {
        if (!TooLong(0)) _length += value.GetRawText().Length;
        return _length > TemplateReader.LongestSnapshot ? null : JsonSerializer.SerializeToNode(value);
    }

    private bool TooLong(int more)
    {
        if (_length + more <= TemplateReader.LongestSnapshot) return false;
        _length = TemplateReader.LongestSnapshot + 1;
        Add("/template", "limit_exceeded", $"Is longer than {TemplateReader.LongestSnapshot} characters when its placeholders are filled.");
        return true;
    }

    private bool TooManyTurns()
    {
        if (_turns++ == MostTurns) Add("/template", "limit_exceeded", $"Its loops turn more than {MostTurns} times.");
        return _turns > MostTurns;
    }

    private string Noted(string at, string origin)
    {
        Origins.Note(at, origin);
        return at;
    }

    private void Add(string pointer, string code, string detail)
    {
        if (check.Problems.Count < 1000) check.Add(pointer, code, detail);
    }

    private static string? NameOf(JsonProperty member)
    {
        try { return member.Name.Contains('\0') ? null : member.Name; }
        catch (InvalidOperationException) { return null; }      // how System.Text.Json reports a lone surrogate
    }
}

/// <summary>What names stand for at a place: the input, and within a loop its item.</summary>
internal sealed class Scope
{
    private readonly Scope? _outer;
    private readonly Dictionary<string, (JsonElement, string)> _names;

    private Scope(Scope? outer, Dictionary<string, (JsonElement, string)> names) => (_outer, _names) = (outer, names);

    public static Scope Of(IReadOnlyDictionary<string, JsonElement> input) => new(null, input.ToDictionary(pair => pair.Key, pair => (pair.Value, SchemaValidator.Child("/input", pair.Key))));

    public Scope Item(JsonElement item, string origin, int index, int count, string? name)
    {
        var names = new Dictionary<string, (JsonElement, string)>
        {
            ["this"] = (item, origin),
            ["@index"] = (JsonSerializer.SerializeToElement(index), origin),
            ["@number"] = (JsonSerializer.SerializeToElement(index + 1), origin),
            ["@first"] = (JsonSerializer.SerializeToElement(index == 0), origin),
            ["@last"] = (JsonSerializer.SerializeToElement(index == count - 1), origin),
        };
        if (name is not null) names[name] = (item, origin);
        return new Scope(this, names);
    }

    public (JsonElement Value, string Origin)? Find(string name) => _names.TryGetValue(name, out var found) ? found : _outer?.Find(name);
}
