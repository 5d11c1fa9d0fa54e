"""A visit to one page."""


class Visit:
    """A page that keeps what it complained of and whom it asked.

    `script` runs before any script of the page; other options are those of a browser context.
    """

    def __init__(self, chromium, address, script="", **options):
        self.context = chromium.new_context(**options)
        self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.complaints, self.asked = [], []
        self.page.on("console", lambda m: self.complaints.append(m.text)
                     if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.context.close()
