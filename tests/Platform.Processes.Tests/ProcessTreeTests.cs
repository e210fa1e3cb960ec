namespace Platform.Processes.Tests;

public sealed class ProcessTreeTests
{
    [Fact]
    public void Reads_a_row_whose_name_holds_spaces_and_brackets()
    {
        var row = ProcessRow.Parse("42 (a) b (c) S 7 40 41 0 -1 4194560 1 2 3 4 150 50 20 30 20 0 1 0 99 1000 10 184467");

        Assert.Equal(new ProcessRow(42, "a) b (c", 'S', 7, 41, TimeSpan.FromSeconds(2.5)), row);
    }

    [Fact]
    public void Finds_members_by_parent_session_and_mark_and_leaves_out_the_dead()
    {
        ProcessRow Row(int id, int parent, int session, char state = 'S') => new(id, "x", state, parent, session, TimeSpan.Zero);
        var members = ProcessTree.Members(
            [Row(1, 0, 1), Row(10, 1, 10), Row(11, 10, 10), Row(12, 11, 12), Row(13, 12, 12), Row(14, 1, 10), Row(15, 1, 15), Row(16, 15, 15), Row(17, 10, 10, 'Z'), Row(18, 1, 18)],
            10,
            id => id == 15);

        Assert.Equal([10, 11, 12, 13, 14, 15, 16], members.Select(p => p.Id));
    }
}
