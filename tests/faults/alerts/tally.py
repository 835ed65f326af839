"""What a campaign of kills has done and seen."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """All figures are sums over the databases of the campaign."""

    seed: int
    mutant: str = ""
    kills: Counter[str] = field(default_factory=Counter)
    days: int = 0
    messages: int = 0
    received: int = 0
    repeated: int = 0
    wrongs: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        self.kills += other.kills
        self.days += other.days
        self.messages += other.messages
        self.received += other.received
        self.repeated += other.repeated
        self.seconds += other.seconds
        self.wrongs.update(other.wrongs)  # keeps those of which there were none

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}: {self.kills.total()} kills in {self.seconds:.0f} s",
            *(f"  killed {point}: {times} times" for point, times in sorted(self.kills.items())),
            f"  {self.messages} messages in {self.days} days, {self.received} taken by their receivers,"
            f" {self.repeated} of them sent again and known by their id",
            *(f"  wrong: {wrong.replace('_', ' ')}, {times}" for wrong, times in self.wrongs.items()),
        ]
        return "\n".join(lines)
