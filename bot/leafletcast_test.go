package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/bot/store/storetest"
	"sachhon/scheduler"
)

// plannedLeaflets are the leaflets in the table, by key.
func plannedLeaflets(t interface{ Fatal(...any) }, tx Tx) map[string]time.Time {
	jobs, err := tx.PlannedOf(scheduler.LeafletDue)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]time.Time{}
	for _, j := range jobs {
		all[j.Key] = j.At.UTC()
	}
	return all
}

// TestTableOfLeafletsFollowsTheCalendar edits the calendar of leaflets at random:
// after every replan the table holds what the calendar has and nobody was sent,
// at its time, and nothing else.
func TestTableOfLeafletsFollowsTheCalendar(t *testing.T) {
	s := storetest.Open(t)
	zone := time.FixedZone("ICT", 7*3600)
	w := scheduler.HouseWindows(scheduler.NewDays(scheduler.Holidays{}, zone))
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
		calendar, fresh := scheduler.Campaigns{}, 0
		sent := map[string]bool{}
		pick := func(t *rapid.T) *scheduler.Leaflet {
			if len(calendar.Leaflets) == 0 {
				t.Skip("no leaflet")
			}
			return &calendar.Leaflets[rapid.IntRange(0, len(calendar.Leaflets)-1).Draw(t, "which")]
		}
		date := func(t *rapid.T, l *scheduler.Leaflet) {
			l.Month, l.Day = time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day")
		}
		check := func(t *rapid.T, tx Tx) {
			if err := planLeaflets(tx, &calendar, w, now); err != nil {
				t.Fatal(err)
			}
			want := map[string]time.Time{}
			for year := now.Year() - 1; year <= now.Year()+1; year++ {
				for _, d := range calendar.LeafletDues(year, w, now) {
					had := sent[d.Key] || slices.ContainsFunc(d.Was, func(key string) bool { return sent[key] })
					if !had {
						want[d.Key] = d.At.UTC()
					}
				}
			}
			if got := plannedLeaflets(t, tx); !maps.Equal(got, want) {
				t.Fatalf("the table has %v, the calendar %v", got, want)
			}
		}
		err := boltStore{s}.Try(context.Background(), func(tx Tx) error {
			t.Repeat(map[string]func(*rapid.T){
				"": func(t *rapid.T) { check(t, tx) },
				"add": func(t *rapid.T) {
					fresh++
					l := scheduler.Leaflet{Key: fmt.Sprint("k", fresh)}
					date(t, &l)
					calendar.Leaflets = append(calendar.Leaflets, l)
				},
				"remove": func(t *rapid.T) {
					l := pick(t)
					calendar.Leaflets = slices.DeleteFunc(slices.Clone(calendar.Leaflets), func(o scheduler.Leaflet) bool { return o.Key == l.Key })
				},
				"move": func(t *rapid.T) { date(t, pick(t)) },
				"rename": func(t *rapid.T) {
					l := pick(t)
					fresh++
					l.Was, l.Key = append(slices.Clone(l.Was), l.Key), fmt.Sprint("k", fresh)
				},
				"wait": func(t *rapid.T) {
					now = now.AddDate(0, 0, rapid.IntRange(1, 120).Draw(t, "days"))
					due, err := tx.Claim(now, 100)
					if err != nil {
						t.Fatal(err)
					}
					for _, j := range due {
						if !j.Late(now) {
							sent[j.Key] = true
							if err := tx.PutGot("", j.Key, now); err != nil {
								t.Fatal(err)
							}
						}
					}
				},
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestLeafletTakenOutLeavesTheTable reads an edited calendar: the leaflet that is
// taken out leaves the table at once, the one that is moved has its new day.
func TestLeafletTakenOutLeavesTheTable(t *testing.T) {
	s := openStage(t, 5)
	yaml := campaignsYAML(t)
	s = restarted(t, s, "")
	look := func() (all map[string]time.Time) {
		if err := (boltStore{s.bot.store}).View(t.Context(), func(tx Tx) error {
			all = plannedLeaflets(t, tx)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := look()
	if len(before) != 8 || before["leaflet/2027/wood"].IsZero() {
		t.Fatalf("planned at first: %v", before)
	}
	yaml = strings.Replace(yaml, "  - {key: wood, on: 5/6, leaflet: l6, sectors: [wood]}\n", "", 1)
	yaml = strings.Replace(yaml, "key: water, on: 5/5", "key: water, on: 14/6", 1)
	s = restarted(t, s, yaml)
	after := look()
	if _, planned := after["leaflet/2027/wood"]; planned || len(after) != 7 {
		t.Errorf("after the edit: %v", after)
	}
	if at := after["leaflet/2027/water"].In(s.bot.cfg.Timezone); at.Month() != time.June || at.Day() != 14 {
		t.Errorf("the leaflet that was moved leaves at %v", at)
	}
}

// TestLeafletOfDecemberOutlastsTheYear has the last day of 2028, a Sunday, before a
// holiday: the leaflet of that day waits for 2 January, also when it is planned
// anew on the 1st.
func TestLeafletOfDecemberOutlastsTheYear(t *testing.T) {
	s := openStage(t, 5)
	zone, w := s.bot.cfg.Timezone, s.bot.gate.Load().Windows()
	calendar := scheduler.Campaigns{Leaflets: []scheduler.Leaflet{{Key: "last", Month: time.December, Day: 31, ID: "l1"}}}
	err := boltStore{s.bot.store}.Try(t.Context(), func(tx Tx) error {
		for _, now := range []time.Time{time.Date(2028, 12, 30, 3, 50, 0, 0, zone), time.Date(2029, 1, 1, 3, 50, 0, 0, zone)} {
			if err := planLeaflets(tx, &calendar, w, now); err != nil {
				t.Fatal(err)
			}
			got, want := plannedLeaflets(t, tx)["leaflet/2028/last"], time.Date(2029, 1, 2, 8, 0, 0, 0, zone)
			if !got.Equal(want) {
				t.Errorf("planned on %v it leaves at %v, want %v", now, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
