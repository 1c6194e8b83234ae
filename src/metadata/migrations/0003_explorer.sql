-- The console's list of repositories can be ordered by the number of tags too.
CREATE INDEX repository_by_tag_count ON repository (tag_count);
