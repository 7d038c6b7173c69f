package scheduler_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/scheduler"
)

// TestEveryTipOnceInAnOrderOfOnesOwn: all tips before any repeat, and none
// repeats; the order is the same after a restart and when tips are added.
func TestEveryTipOnceInAnOrderOfOnesOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		contact := rapid.StringMatching(`[a-z0-9]{1,16}`).Draw(t, "contact")
		tips := rapid.SliceOfNDistinct(rapid.StringMatching(`t[0-9]{2}`), 0, 40, rapid.ID[string]).Draw(t, "tips")
		order := all(contact, tips)
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, slices.Sorted(slices.Values(tips))) {
			t.Fatalf("of %v came %v", tips, order)
		}
		if again := all(contact, rapid.Permutation(tips).Draw(t, "shuffled")); !slices.Equal(again, order) {
			t.Fatalf("%v, then %v", order, again)
		}
		more := all(contact, append(slices.Clone(tips), "new"))
		if rest := slices.DeleteFunc(more, func(s string) bool { return s == "new" }); !slices.Equal(rest, order) {
			t.Fatalf("a new tip made %v of %v", rest, order)
		}
	})
}

// all takes tips until there are none left.
func all(contact string, tips []string) (order []string) {
	var got []string
	for {
		id, ok := scheduler.NextTip(contact, tips, got)
		if !ok {
			return order
		}
		order, got = append(order, id), append(got, scheduler.TipKey(id))
	}
}

// TestFirstTipsAreSpread over the contacts, so that a doubtful one does not
// reach everybody on the first day.
func TestFirstTipsAreSpread(t *testing.T) {
	var tips []string
	for i := range 10 {
		tips = append(tips, fmt.Sprintf("t%02d", i))
	}
	first := map[string]int{}
	for i := range 10_000 {
		id, _ := scheduler.NextTip(fmt.Sprintf("k%05d", i), tips, nil)
		first[id]++
	}
	for _, tip := range tips {
		if n := first[tip]; n < 850 || n > 1150 {
			t.Errorf("%s comes first for %d of 10,000", tip, n)
		}
	}
}

func TestSeriesTakesItsTipsAndThoseForAll(t *testing.T) {
	s := scheduler.Series{Sectors: []string{"wood"}}
	got := s.Takes([]scheduler.Tip{{"t1", []string{"all"}}, {"t4", []string{"food", "wood"}}, {"t20", []string{"tobacco"}}, {"t13", []string{"wood"}}})
	if !slices.Equal(got, []string{"t1", "t4", "t13"}) {
		t.Error(got)
	}
}

func TestNextTipKeepsItsDayAndHour(t *testing.T) {
	w := scheduler.HouseWindows(days(t))
	sent := func(date, clock string) scheduler.Sent {
		return scheduler.Sent{}.With(&scheduler.Push{Topic: scheduler.TopicTip}, on(t, date, clock))
	}
	tuesday := scheduler.Slot{Day: time.Tuesday, At: 8 * 60}
	for _, tt := range []struct {
		name        string
		slot        scheduler.Slot
		last        scheduler.Sent
		date, clock string
		want        string
	}{
		{"never had one", tuesday, scheduler.Sent{}, "9/3/2026", "12:00", "10/3/2026"},
		{"subscribed at that very hour", tuesday, scheduler.Sent{}, "10/3/2026", "8:00", "17/3/2026"},
		{"had one a moment ago", tuesday, sent("10/3/2026", "8:00"), "10/3/2026", "8:01", "17/3/2026"},
		{"it left late", tuesday, sent("10/3/2026", "11:00"), "10/3/2026", "11:00", "17/3/2026"},
		{"it left on Wednesday", tuesday, sent("11/3/2026", "8:00"), "11/3/2026", "8:00", "24/3/2026"},
		{"changed to Friday", scheduler.Slot{Day: time.Friday, At: 8 * 60}, sent("10/3/2026", "8:00"), "11/3/2026", "8:00", "20/3/2026"},
		{"over Tết", tuesday, sent("3/2/2026", "8:00"), "3/2/2026", "8:01", "24/2/2026"},
		{"after a year of pause", tuesday, sent("4/3/2025", "8:00"), "9/3/2026", "12:00", "10/3/2026"},
	} {
		j, ok := scheduler.NextTipJob("k1", tt.slot, tt.last, w, on(t, tt.date, tt.clock))
		if want := on(t, tt.want, "8:00"); !ok || !j.At.Equal(want) || j.Kind != scheduler.TipDue || j.Key != "k1" {
			t.Errorf("%s: %+v, want %s", tt.name, j, want)
		}
	}
	for _, never := range []scheduler.Slot{{Day: time.Sunday, At: 8 * 60}, {Day: time.Tuesday, At: 6 * 60}} {
		if j, ok := scheduler.NextTipJob("k1", never, scheduler.Sent{}, w, on(t, "9/3/2026", "12:00")); ok {
			t.Errorf("%+v", j)
		}
	}
}
