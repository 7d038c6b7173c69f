package storetest

import (
	"cmp"
	"context"
	"runtime/debug"
	"slices"
	"testing"

	"sachhon/bot/store"
	"sachhon/dialogs"
)

// fillPage is how many contacts one transaction of Fill keeps.
const fillPage = 20_000

// Fill opens a store with n contacts: of(i) returns the i-th, the same whenever
// it is asked. Unlike that of [Open], the store is not checked at the end, which
// would read a million records.
func Fill(t testing.TB, n int, of func(i int) dialogs.Contact) *store.Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	type numbered struct {
		key string
		i   int
	}
	ids, addresses := make([]numbered, n), make([]numbered, 0, n)
	for i := range ids {
		c := of(i)
		ids[i] = numbered{c.ID, i}
		for _, at := range c.Addresses {
			addresses = append(addresses, numbered{at, i})
		}
	}
	put := func(list []numbered, put func(tx *store.Tx, key string, c *dialogs.Contact) error) {
		slices.SortFunc(list, func(a, b numbered) int { return cmp.Compare(a.key, b.key) }) // some ten times as fast as at random
		for page := range slices.Chunk(list, fillPage) {
			err := s.Update(context.Background(), func(tx *store.Tx) error {
				for _, e := range page {
					c := of(e.i)
					if err := put(tx, e.key, &c); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	put(ids, func(tx *store.Tx, _ string, c *dialogs.Contact) error { return tx.PutContact(c) })
	put(addresses, func(tx *store.Tx, at string, c *dialogs.Contact) error { return tx.PutAddress(at, c.ID, false) })
	clear(ids)
	debug.FreeOSMemory()
	return s
}
