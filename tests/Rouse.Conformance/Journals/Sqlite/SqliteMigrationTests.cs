using Rouse.Sqlite;

namespace Rouse.Conformance.Journals;

public sealed class SqliteMigrationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Connection _connection;

    public SqliteMigrationTests() => _connection = Connection.OpenWriter(_directory.File("any.db"));

    [Fact]
    public void Each_step_is_taken_once_and_in_order()
    {
        Migrations.Apply(_connection, ["CREATE TABLE a(x)"]);
        _connection.Execute("INSERT INTO a VALUES (7)");

        Migrations.Apply(_connection, ["CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1", "UPDATE a SET y = y * 2"]);

        Assert.Equal(3, _connection.Number("PRAGMA user_version"));
        Assert.Equal(16, _connection.Number("SELECT y FROM a"));
    }

    [Fact]
    public void A_step_that_fails_leaves_the_file_at_the_step_before()
    {
        string[] broken = ["CREATE TABLE a(x)", "CREATE TABLE b(x); CREATE TABLE b(x)"];
        Assert.Throws<SqliteFailureException>(() => Migrations.Apply(_connection, broken));

        Assert.Equal(1, _connection.Number("PRAGMA user_version"));
        Assert.Equal(1, _connection.Number("SELECT count(*) FROM sqlite_master"));
        Migrations.Apply(_connection, ["CREATE TABLE a(x)", "CREATE TABLE b(x)"]);
        Assert.Equal(2, _connection.Number("PRAGMA user_version"));
    }

    [Fact]
    public void The_steps_of_this_program_make_a_journal_that_it_knows()
    {
        Migrations.Apply(_connection, Migrations.Steps);

        Migrations.RefuseUnknown(_connection, Migrations.Steps.Count);
        Assert.NotEmpty(Migrations.Steps);
        Assert.Equal("ok", _connection.Text("PRAGMA integrity_check"));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Dispose();
    }
}
