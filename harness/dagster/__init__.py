"""A pilot served to Dagster; nothing else imports Dagster."""
