"""Build hook: makes the front-end assets when their sources changed."""
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndHook(BuildHookInterface):
    PLUGIN_NAME = "custom"
