-- What lists show. Kept by `work` from this service's own log; may be dropped and filled again.
-- A headcount is a course here: completed, and known only by its number.
create table course (
    id uuid primary key,
    version integer not null,
    headcount boolean not null,
    kind text not null,
    title text,
    area text not null,
    starts_on date not null,
    ends_on date not null,
    capacity integer,
    state text not null,
    enrolled integer not null default 0,
    sessions integer not null default 0,
    participants integer,
    completed_on date
);

-- Newest first, in one area or in all; the id makes the order total for the cursor.
create index course_by_day on course (starts_on desc, id desc);
create index course_by_area on course (area, starts_on desc, id desc);

create table learner (
    course uuid not null,
    learner uuid not null,
    enrolled_on date not null,
    attended integer not null default 0,
    primary key (course, learner)
);

grant select, insert, update, delete on course, learner to ${app};
