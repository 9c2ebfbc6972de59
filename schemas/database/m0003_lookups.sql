-- What is looked up beside its own asset.

-- The parts of an asset, when it is removed or restored.
create index asset_part on asset (root) where parent is not null;

-- The windows of a recipe, for whichever asset they were made.
create index run_window_recipe on run_window (recipe);
