package outbox_test

import (
	"testing"

	"sachhon/bot/outbox/outboxtest"
)

// The queue that the other tests of this package lean on keeps every promise.
func TestMemoryQueue(t *testing.T) {
	outboxtest.Queue(t, func(*testing.T) outboxtest.Opener {
		d := newDisk()
		var last *memory
		return func() outboxtest.Store {
			if last != nil {
				last.crash()
			}
			last = &memory{disk: d}
			return last
		}
	})
}
