"""Who asks: decides which rows of the one index somebody may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """Everybody sees public rows; organisers and administrators see work rows as well."""

    agent: str | None = None
    sees_work: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        return ("public", "work") if self.sees_work else ("public",)


PUBLIC = Viewer()
