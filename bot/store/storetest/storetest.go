// Package storetest opens stores for tests: a real file in a temporary folder,
// checked when the test ends. Any room's tests may use it. It holds no state.
package storetest

import (
	"context"
	"log/slog"
	"testing"

	"sachhon/bot/store"
)

// Open returns a store in a temporary folder. When the test ends the store is
// checked, every index against its rows, and closed.
func Open(t testing.TB) *store.Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() {
		Check(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Check fails the test when the store is not in order.
func Check(t testing.TB, s *store.Store) {
	t.Helper()
	_, problems, err := s.Check(context.Background())
	if err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		t.Errorf("the store is not in order: %s", p)
	}
}
