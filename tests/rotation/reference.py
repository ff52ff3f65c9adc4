"""The decision about a rotation, once more and in another way: by counting what is newer, not by walking lists.

Reads a JSON list of {policy, now, points} from standard input and writes the list of the decisions, each with `create`, `reason`, `breach`,
`recovering`, `next_due`, `points` (id -> what happens to it) and `warned` (ids)."""

import json
import sys
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
ZERO = timedelta(0)


def period(text):
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[text[-1]]: int(text[:-1])})


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def bucket(rule, at, zone):
    here = at.astimezone(zone)
    year, week, _ = here.isocalendar()
    return {
        "hourly": (here.date(), here.hour, here.utcoffset()),
        "daily": here.date(),
        "weekly": (year, week),
        "monthly": (here.year, here.month),
        "yearly": here.year,
    }[rule]


def opened_at(window, now, zone):
    """The latest opening not after now whose window is still open."""
    first, last = map(time.fromisoformat, window.split("-"))
    found = []
    for days in range(-2, 2):
        day = now.astimezone(zone).date() + timedelta(days)
        until = day + timedelta(1) if last <= first else day
        opens = datetime.combine(day, first, zone).astimezone(UTC)
        closes = datetime.combine(until, last, zone).astimezone(UTC)
        if opens <= now < closes:
            found.append(opens)
    return max(found, default=None)


class Series:
    def __init__(self, policy, now, points):
        self.now = instant(now)
        self.goal = period(policy["max_age"])
        self.early = period(policy["early"]) if "early" in policy else min(self.goal / 12, timedelta(hours=1))
        self.timeout = period(policy.get("pending_timeout", "2h"))
        self.rules = policy["keep"]
        self.zone = ZoneInfo(policy.get("timezone", "UTC"))
        self.window = policy.get("window")
        self.floor = max(1, policy.get("min_good", 1))
        self.limit = policy.get("max_prune", 10)
        self.kind, self.at, self.hold = {}, {}, {}
        for point in points:
            name, at = point["id"], instant(point["taken_at"])
            age = self.now - at
            kind = point["status"]
            if kind == "deleting":
                pass
            elif age < -timedelta(minutes=5):
                kind = "ahead"
            elif kind == "pending" and age >= self.timeout:
                kind = "stuck"
            self.kind[name], self.at[name] = kind, at
            self.hold[name] = "protected" if point.get("protected") else "in use" if point.get("in_use") else None

    def those(self, kind):
        return {name for name in self.kind if self.kind[name] == kind}

    def order(self, name):
        return (self.at[name], name)

    def wish(self):
        """Whether a point is wanted, and why."""
        usable = self.those("usable")
        if self.those("pending"):
            return False, "a point is in progress"
        if not usable:
            return True, "no usable point"
        age = self.now - max(self.at[name] for name in usable)
        if age >= self.goal:
            return True, "goal missed"
        if self.window:
            opened = opened_at(self.window, self.now, self.zone)
            if opened and all(self.at[name] < opened for name in usable):
                return True, "the window is open and holds no point"
        elif age + self.early >= self.goal:
            return True, "goal reached within the early margin"
        return False, "fresh"

    def named(self, name, there, at):
        """The rules that name a point among those that are there."""
        newer = [other for other in there if (at[other], other) > (at[name], name)] if name != "" else []
        if "" in there and name != "" and "" not in newer:
            newer.append("")
        result = []
        if len(newer) < self.rules.get("last", 0):
            result.append("last")
        if "within" in self.rules:
            newest = at[""] if "" in there else max(at[other] for other in there)
            if at[name] > newest - period(self.rules["within"]):
                result.append("within")
        oldest = len(newer) == len(there) - 1
        for rule in ("hourly", "daily", "weekly", "monthly", "yearly"):
            count = self.rules.get(rule, 0)
            if not count:
                continue
            before = {bucket(rule, at[other], self.zone) for other in newer}
            own = bucket(rule, at[name], self.zone)
            if own not in before and len(before) < count:
                result.append(rule)
            if oldest and len(before | {own}) < count:
                result.append(rule + " (oldest)")
        return result

    def decide(self):
        create, reason = self.wish()
        usable = self.those("usable")
        newest = max(usable, key=self.order, default=None)
        age = self.now - self.at[newest] if newest else None
        missed = age is None or age >= self.goal
        recovering = age is not None and age >= self.goal + self.goal
        quiet = bool(self.those("pending")) or recovering or (missed and not create)
        there = usable | ({""} if create else set())
        at = dict(self.at, **{"": self.now})
        fate = {}
        unnamed = []
        for name in usable:
            rules = self.named(name, there, at)
            if rules:
                fate[name] = "keep: " + ", ".join(rules)
            elif self.hold[name]:
                fate[name] = "keep: " + self.hold[name]
            elif name == newest:
                fate[name] = "keep: floor"
            else:
                unnamed.append(name)
        left = self.limit
        for place, name in enumerate(sorted(unnamed, key=self.order)):
            if len(there) - place <= self.floor:
                fate[name] = "keep: floor"
            elif quiet or left == 0:
                fate[name] = "prune later"
            else:
                fate[name] = "prune"
                left -= 1
        for name in sorted(self.those("failed"), key=self.order):
            if self.hold[name]:
                fate[name] = "keep: " + self.hold[name]
            elif newest is None or self.at[newest] <= self.at[name]:
                fate[name] = "keep: failed, no newer usable point"
            elif quiet or left == 0:
                fate[name] = "remove failed later"
            else:
                fate[name] = "remove failed"
                left -= 1
        for kind, text in (("ahead", "keep: dated in the future"), ("pending", "wait"), ("stuck", "keep: stuck"), ("deleting", "leaving")):
            fate.update(dict.fromkeys(self.those(kind), text))
        step = self.goal if self.window else self.goal - self.early
        base = None if self.those("pending") else self.now if create else self.at[newest]
        return {
            "create": create,
            "reason": reason,
            "breach": missed,
            "recovering": recovering,
            "next_due": base and (base + step).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "points": fate,
            "warned": sorted(self.those("ahead") | self.those("stuck")),
        }


if __name__ == "__main__":
    json.dump([Series(case["policy"], case["now"], case["points"]).decide() for case in json.load(sys.stdin)], sys.stdout)
