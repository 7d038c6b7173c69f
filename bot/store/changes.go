package store

// changes remembers, in memory, which commit last wrote each contact, so that a
// turn played against an older picture knows whether it still holds. It belongs
// to the one writer and forgets all when it has grown; then nothing from before
// that moment counts as unchanged.
type changes struct {
	last  map[string]uint64
	since uint64 // the commit from which on last is complete
}

// maxChanges bounds the memory to some 10 MB.
const maxChanges = 100_000

func (c *changes) note(contact string, version uint64) {
	if c.last == nil || len(c.last) > maxChanges {
		c.last, c.since = map[string]uint64{}, version
	}
	c.last[contact] = version
}

func (c *changes) unchanged(contact string, version uint64) bool {
	return c.last != nil && version >= c.since && c.last[contact] <= version
}
