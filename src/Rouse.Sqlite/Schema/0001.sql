-- The first schema. Times are 100 ns since 1970 in UTC; statuses, phases and kinds are the numbers of their enumerations.
--
-- What a commit costs is the number of pages that it dirties: each is written to the log and again to the file. So whatever can be is
-- appended, where all commits of a transaction share the page; and where an index can have its hot end in one place for all crews, it has:
-- 'number' stands before 'crew', because most crews are young and their numbers low.

-- A crew is known by a small number here, because its text would stand in every index.
CREATE TABLE crews(
  id      INTEGER PRIMARY KEY,
  stem    TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  last    INTEGER NOT NULL -- the position of its newest event
);

-- The log. The writer gives the positions, so they rise without a gap. A crew's events are found from its newest one back, for each leads
-- to the one before: an index over crew and version would halve the rate of commits.
CREATE TABLE events(
  position INTEGER PRIMARY KEY,
  crew     INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  previous INTEGER NOT NULL, -- the position of the crew's event before; 0 for its first
  at       INTEGER NOT NULL,
  type     TEXT NOT NULL,
  data     TEXT NOT NULL
);

CREATE TABLE snapshots(
  crew    INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  data    BLOB NOT NULL
);

-- Texts by the SHA-256 of their content.
CREATE TABLE bodies(
  hash BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL
);

-- What queries read. The rows' own ids rise in the order of creation, which is the order of the lists.
CREATE TABLE sessions(
  id       INTEGER PRIMARY KEY,
  crew     INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  instance TEXT NOT NULL,
  address  TEXT NOT NULL,
  data     TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_by_number ON sessions(number, crew);
CREATE UNIQUE INDEX sessions_by_address ON sessions(instance, address);

CREATE TABLE tasks(
  id      INTEGER PRIMARY KEY,
  crew    INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  session INTEGER NOT NULL,
  status  INTEGER NOT NULL,
  created INTEGER NOT NULL,
  key     TEXT,
  data    TEXT NOT NULL
);
CREATE UNIQUE INDEX tasks_by_number ON tasks(number, crew);
-- Finds the tasks of a crew and of a session too; an absent key is equal to no other.
CREATE UNIQUE INDEX tasks_by_key ON tasks(crew, session, key);
CREATE INDEX tasks_by_status ON tasks(status);

CREATE TABLE notices(
  id      INTEGER PRIMARY KEY,
  crew    INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  session INTEGER NOT NULL,
  owed    INTEGER NOT NULL,
  data    TEXT NOT NULL
);
CREATE UNIQUE INDEX notices_of_session ON notices(crew, session, number);

CREATE TABLE wakes(
  id      INTEGER PRIMARY KEY,
  crew    INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  session INTEGER NOT NULL,
  phase   INTEGER NOT NULL,
  data    TEXT NOT NULL
);
CREATE UNIQUE INDEX wakes_by_number ON wakes(number, crew);
CREATE INDEX wakes_of_session ON wakes(crew, session);
CREATE INDEX wakes_dead ON wakes(phase) WHERE phase = 5;

-- What crews owe, in columns and not as JSON: all of it is read at the start of a node, which should be quick. Most of it is due at once,
-- so the ids are the order among equals.
CREATE TABLE obligations(
  id       INTEGER PRIMARY KEY,
  crew     INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  subject  INTEGER NOT NULL,
  attempt  INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  instance TEXT,
  lanes    TEXT NOT NULL, -- a line each
  priority INTEGER NOT NULL,
  since    INTEGER NOT NULL
);
CREATE UNIQUE INDEX obligations_by_key ON obligations(subject, crew, kind, attempt);
CREATE INDEX obligations_by_due ON obligations(due);

-- Who holds a place in a lane. Counted under the lane, never kept as a count.
CREATE TABLE slots(
  lane    TEXT NOT NULL,
  crew    INTEGER NOT NULL,
  task    INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  PRIMARY KEY(lane, crew, task, attempt)
) WITHOUT ROWID;

CREATE TABLE transcripts(
  id       INTEGER PRIMARY KEY,
  instance TEXT NOT NULL,
  address  TEXT NOT NULL,
  key      TEXT,
  data     BLOB NOT NULL
);
CREATE UNIQUE INDEX transcripts_by_address ON transcripts(instance, address);
CREATE UNIQUE INDEX transcripts_by_key ON transcripts(instance, key);

CREATE TABLE messages(
  id         INTEGER PRIMARY KEY,
  transcript INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  key        TEXT,
  data       BLOB NOT NULL
);
CREATE UNIQUE INDEX messages_by_number ON messages(transcript, number);
CREATE UNIQUE INDEX messages_by_key ON messages(transcript, key) WHERE key IS NOT NULL;
