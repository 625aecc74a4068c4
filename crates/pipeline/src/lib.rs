//! From a chest X-ray file to an infection report: the typed main job of Pulmo.
