"""`python -m frontend.charts.engine SECONDS`: one Vega-Lite spec a line in, one SVG a line out,
both as JSON, until nobody asks for that long.
"""

import json
import select
import sys

import vl_convert


def main(idle_seconds: float) -> None:
    while select.select([sys.stdin], [], [], idle_seconds)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        sys.stdout.write(json.dumps(vl_convert.vegalite_to_svg(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
