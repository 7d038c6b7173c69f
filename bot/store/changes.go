package store

import "hash/maphash"

// changes remembers, in memory, which commit last wrote each contact, so that a
// turn played against an older picture knows whether it still holds. It belongs
// to the one writer. Contacts that share a place count as changed together: to
// play a turn anew is cheap, and the memory stays what it is.
type changes struct {
	seed maphash.Seed
	last [1 << 16]uint64 // by the hash of the contact; 0: not since the store was opened
}

func newChanges() *changes { return &changes{seed: maphash.MakeSeed()} }

func (c *changes) place(contact string) *uint64 {
	return &c.last[maphash.String(c.seed, contact)%uint64(len(c.last))]
}

func (c *changes) note(contact string, version uint64) { *c.place(contact) = version }

func (c *changes) unchanged(contact string, version uint64) bool { return *c.place(contact) <= version }
