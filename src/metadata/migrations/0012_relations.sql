-- Who else in the whole registry uses a blob is asked for a manifest's page; by child first, the same index serves what
-- is asked within one repository.
DROP INDEX manifest_reference_by_child;
CREATE INDEX manifest_reference_by_child ON manifest_reference (child, repository_id);
