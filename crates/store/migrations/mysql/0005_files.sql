-- What the newest message is, beside its text: 'text', 'image' or 'file'. Before files all were text.
alter table conversation add column last_kind text;
