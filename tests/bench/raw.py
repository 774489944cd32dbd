"""Draw specs with vl-convert and nothing else: ``python -m tests.bench.raw SPECS``."""

import json
import sys

import vl_convert


def main() -> None:
    vl_convert.configure(allowed_base_urls=[], base_url=False, auto_google_fonts=False)
    with open(sys.argv[1], encoding="utf-8") as specs:
        for line in specs:
            form, scale, spec = json.loads(line)
            if form == "png":
                vl_convert.vegalite_to_png(spec, scale=scale)
            else:
                vl_convert.vegalite_to_svg(spec)


if __name__ == "__main__":
    main()
