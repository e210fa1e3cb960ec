#:property PublishAot=false
// Plays examples/music.ogg into being: thirty seconds of pad, pluck, bass and a soft beat, twelve bars that loop without a seam.
//
//   dotnet run examples/music.cs | ffmpeg -y -f s16le -ar 48000 -ac 2 -i - -c:a libopus -b:a 48k -map_metadata -1 -fflags +bitexact examples/music.ogg
//
// Everything is computed from the numbers below; no recording and no sample of anybody is in it. Piece and program are in the public domain (CC0 1.0).
const int rate = 48000;
const double beat = 60.0 / 96, bar = 4 * beat;
const int bars = 12;

var length = (int)(bars * bar * rate);
double[] left = new double[length], right = new double[length];
var random = new Random(96);

// A minor ninth, F major seventh, C with its ninth, G with its sixth: three times round. MIDI notes; the first is the bass.
int[][] chords = [[45, 57, 60, 64, 67, 71], [41, 57, 60, 64, 65, 69], [48, 55, 60, 62, 64, 67], [43, 55, 59, 62, 64, 67]];

for (var n = 0; n < bars; n++)
{
    var chord = chords[n % 4];
    foreach (var note in chord.AsSpan(1))
        Pad(n * bar, bar * 1.25, note, 0.030);

    // The pluck runs over the chord, two octaves up and down again, and sings a little louder where the beat is silent.
    int[] run = [1, 3, 5, 4, 2, 4, 5, 3];
    for (var i = 0; i < 8; i++)
        Pluck(n * bar + i * beat / 2, chord[run[(i + n) % 8]] + 12, i % 2 == 0 ? 0.085 : 0.105, i % 2 == 0 ? -0.35 : 0.35);

    if (n is >= 1 and not 11)
        foreach (var (at, held) in new[] { (0.0, 1.4), (1.5, 0.45), (2.5, 0.9), (3.5, 0.4) })
            Bass(n * bar + at * beat, held * beat, chord[0] - (chord[0] > 43 ? 12 : 0), 0.12);

    if (n is >= 2 and not 11)
        for (var i = 0; i < 4; i++)
        {
            Kick(n * bar + i * beat, i % 2 == 0 ? 0.34 : 0.26);
            Hat(n * bar + (i + 0.5) * beat, 0.055, 0.07);
            if (n >= 4)
            {
                Hat(n * bar + (i + 0.25) * beat, 0.014, 0.03);
                Hat(n * bar + (i + 0.75) * beat, 0.018, 0.03);
            }
            if (i % 2 == 1 && n >= 3)
                Clap(n * bar + i * beat, 0.075);
        }

    // High notes as light on water.
    if (n >= 4)
        Bell(n * bar + 1.75 * beat, chord[5 - n % 3] + 24, 0.045);
}

var loudest = 0.0;
for (var i = 0; i < length; i++)
    loudest = Math.Max(loudest, Math.Max(Math.Abs(left[i]), Math.Abs(right[i])));

using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
for (var i = 0; i < length; i++)
{
    Write(left[i]);
    Write(right[i]);
}

// What sounds beyond the end sounds at the beginning: that is what makes the loop seamless.
void Add(int at, double value, double side)
{
    at = (at % length + length) % length;
    left[at] += value * Math.Sqrt(0.5 * (1 - side));
    right[at] += value * Math.Sqrt(0.5 * (1 + side));
}

// Soft clipping at the peaks, 1.5 dB under full scale.
void Write(double value)
{
    var sample = (short)Math.Round(Math.Tanh(value / loudest * 1.25) / Math.Tanh(1.25) * 0.84 * short.MaxValue);
    output.WriteByte((byte)sample);
    output.WriteByte((byte)(sample >> 8));
}

static double Frequency(double note) => 440 * Math.Pow(2, (note - 69) / 12);

// Three saws a little out of tune on each side, through a low pass that opens and closes.
void Pad(double start, double seconds, int note, double level)
{
    var samples = (int)(seconds * rate);
    foreach (var side in new[] { -0.7, 0.7 })
    {
        double low = 0, lower = 0;
        double[] phase = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
        for (var i = 0; i < samples; i++)
        {
            var t = i / (double)samples;
            var saw = 0.0;
            for (var v = 0; v < 3; v++)
            {
                phase[v] += Frequency(note + (v - 1) * 0.09 + side * 0.03) / rate;
                phase[v] -= Math.Floor(phase[v]);
                saw += 2 * phase[v] - 1;
            }
            var open = 1 - Math.Exp(-2 * Math.PI * (380 + 900 * Math.Sin(Math.PI * t)) / rate);
            low += open * (saw - low);
            lower += open * (low - lower);
            Add((int)(start * rate) + i, lower * level * Math.Pow(Math.Sin(Math.PI * t), 0.7), side);
        }
    }
}

// A plucked tone of five partials, and its echoes three eighths apart, from side to side.
void Pluck(double start, int note, double level, double side)
{
    for (var echo = 0; echo < 4; echo++, side = -side)
    {
        var at = (int)((start + echo * 1.5 * beat) * rate);
        var loud = level * Math.Pow(0.42, echo);
        for (var i = 0; i < rate; i++)
        {
            var t = i / (double)rate;
            var tone = 0.0;
            for (var partial = 1; partial <= 5; partial++)
                tone += Math.Sin(2 * Math.PI * Frequency(note) * partial * t) / (partial * partial) * Math.Exp(-t * (3.5 + 3 * partial));
            Add(at + i, tone * loud * Math.Min(1, t / 0.003), side);
        }
    }
}

void Bass(double start, double seconds, int note, double level)
{
    for (var i = 0; i < (seconds + 0.08) * rate; i++)
    {
        var t = i / (double)rate;
        var shape = Math.Min(1, t / 0.008) * (t < seconds ? 1 : Math.Max(0, 1 - (t - seconds) / 0.08)) * Math.Exp(-t * 0.9);
        var angle = 2 * Math.PI * Frequency(note) * t;
        Add((int)(start * rate) + i, (Math.Sin(angle) + 0.4 * Math.Sin(2 * angle) + 0.14 * Math.Sin(3 * angle)) * shape * level, 0);
    }
}

void Kick(double start, double level)
{
    var angle = 0.0;
    for (var i = 0; i < 0.32 * rate; i++)
    {
        var t = i / (double)rate;
        angle += 2 * Math.PI * (46 + 105 * Math.Exp(-t * 34)) / rate;
        Add((int)(start * rate) + i, Math.Sin(angle) * Math.Exp(-t * 11) * Math.Min(1, t / 0.002) * level, 0);
    }
}

void Hat(double start, double level, double seconds)
{
    double last = 0;
    for (var i = 0; i < seconds * 4 * rate; i++)
    {
        var noise = random.NextDouble() * 2 - 1;
        Add((int)(start * rate) + i, (noise - last) * Math.Exp(-i / (seconds * rate)) * level, 0.25);
        last = noise;
    }
}

void Clap(double start, double level)
{
    double low = 0, band = 0;
    for (var i = 0; i < 0.3 * rate; i++)
    {
        var t = i / (double)rate;
        var open = 0.0;
        for (var hand = 0; hand < 3; hand++)
            if (t >= hand * 0.011)
                open = Math.Max(open, Math.Exp(-(t - hand * 0.011) * (hand == 2 ? 18 : 160)));
        low += 0.22 * (random.NextDouble() * 2 - 1 - low);
        band += 0.06 * (low - band);
        Add((int)(start * rate) + i, (low - band) * open * level * 2.4, -0.15);
    }
}

void Bell(double start, int note, double level)
{
    for (var echo = 0; echo < 3; echo++)
        for (var i = 0; i < 1.6 * rate; i++)
        {
            var t = i / (double)rate;
            var tone = Math.Sin(2 * Math.PI * Frequency(note) * t + 1.4 * Math.Exp(-t * 5) * Math.Sin(2 * Math.PI * Frequency(note) * 3.01 * t));
            Add((int)((start + echo * beat * 0.75) * rate) + i, tone * Math.Exp(-t * 3.2) * Math.Min(1, t / 0.004) * level * Math.Pow(0.45, echo), echo % 2 == 0 ? 0.5 : -0.5);
        }
}
