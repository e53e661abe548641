get_ipython().extension_manager.load_extension("trained_once")  # noqa: F821, IPython's own
