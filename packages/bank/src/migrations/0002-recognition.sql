-- Signals that go on recognising after a crop, a turn or a frame: windows of a picture (pdq of more kinds), local patch
-- hashes and frames of videos. And matches that are found after their check was answered.

alter table signals
  drop constraint signals_type_check,
  add constraint signals_type_check check (type in ('pdq', 'md5', 'sha256', 'pdq-local', 'vpdq')),
  -- Of local hashes: by which rule patches are found and hashed.
  add column version smallint,
  -- Of a video's frame, from its beginning; 0 for everything else.
  add column timestamp_ms integer not null default 0 check (timestamp_ms >= 0),
  add constraint signals_version_check check ((type = 'pdq-local') = (version is not null)),
  add constraint signals_timestamp_check check (timestamp_ms = 0 or type = 'vpdq'),
  -- A frame that comes again later in the video is kept with each of its times: whether two videos show the same in
  -- the same order is told by the times of all that agree, and the first and last alone would tie a part in the middle
  -- to a wrong speed.
  drop constraint signals_pkey,
  add primary key (item_id, type, value, timestamp_ms);

-- Looked up by value are the few hashes a person can name, not the thousands of a video or a picture's patches.
drop index signals_by_value;
create index signals_by_value on signals (value) where type in ('pdq', 'md5', 'sha256');

-- What a platform learns afterwards: which of its checks, by the id it was given, found which match. Kept for days only.
create table late_matches (
  number bigint generated always as identity primary key,
  partner_id integer not null references partners,
  -- Random, made by the gate for the one check.
  check_id uuid not null,
  match_id uuid not null references matches,
  distance_bits smallint not null,
  votes integer not null,
  score real not null check (score between 0 and 1),
  at timestamptz not null,
  unique (check_id, match_id)
);
create index late_matches_by_partner on late_matches (partner_id, number);
create index late_matches_by_age on late_matches (at);
