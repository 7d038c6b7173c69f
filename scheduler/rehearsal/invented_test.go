package rehearsal_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"sachhon/scheduler/rehearsal"
)

// TestSomeOfTheInventedAreSubscribed holds the mix against what broadcasts ask:
// a rehearsal for subscribers would reach nobody otherwise.
func TestSomeOfTheInventedAreSubscribed(t *testing.T) {
	v := rehearsal.NewInvented(rand.New(rand.NewPCG(1, 2)), time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC))
	on := 0
	for range 1000 {
		if p, _ := v.Next(); p.Contact.Fact("tips_state").Text == "on" {
			on++
		}
	}
	if on < 500 || on > 800 {
		t.Errorf("%d of 1,000 get the weekly tip, want about two in three", on)
	}
}
