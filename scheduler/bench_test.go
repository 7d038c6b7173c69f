package scheduler_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/store"
	"sachhon/bot/store/storetest"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

const million = 1_000_000

// BenchmarkPlanBroadcast measures how a broadcast's recipients are resolved,
// filtered and put durably into the outbox's waiting room, page by page as the
// running program does it, with fsync on. peak-MB is the most anonymous memory
// that the process had meanwhile.
func BenchmarkPlanBroadcast(b *testing.B) {
	b.Run(fmt.Sprintf("contacts=%d", million), func(b *testing.B) {
		s := storetest.Fill(b, million, someContact)
		casting := scheduler.Casting{Gate: houseGate(b)}
		stop := watchMemory(b)
		b.ResetTimer()
		total := 0
		for i := range b.N {
			id := fmt.Sprintf("b%05d", i)
			begin(b, s, scheduler.Broadcast{ID: id, Kind: scheduler.Promotion, Purpose: "tips",
				Segment: scheduler.Segment{Sectors: []string{"wood", "food", "chemicals"}, Subscribed: true}})
			total += plan(b, s, &casting, id)
		}
		b.StopTimer()
		b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "recipients/s")
		b.ReportMetric(stop(), "peak-MB")
		if total != b.N*million {
			b.Fatalf("%d recipients, want %d", total, b.N*million)
		}
	})
}

// begin keeps a broadcast that is under way.
func begin(b testing.TB, s *store.Store, cast scheduler.Broadcast) {
	cast.Status = scheduler.Scheduled
	err := cast.Start(monday)
	if err == nil {
		err = s.Update(context.Background(), func(tx *store.Tx) error { return tx.PutBroadcast(&cast) })
	}
	if err != nil {
		b.Fatal(err)
	}
}

// plan plans a broadcast to the end and returns how many recipients it has.
func plan(b testing.TB, s *store.Store, casting *scheduler.Casting, id string) (total int) {
	for more := true; more; {
		err := s.Update(context.Background(), func(tx *store.Tx) (err error) {
			more, err = casting.Plan(tx, id, monday, scheduler.PageOfContacts)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	err := s.View(context.Background(), func(tx *store.Tx) error {
		cast, _, err := tx.Broadcast(id)
		total = cast.Counts.Total
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}

// monday is a working day, in the morning.
var monday = time.Date(2026, 11, 30, 9, 0, 0, 0, time.FixedZone("+07", 7*3600))

func houseGate(b testing.TB) *scheduler.Gate {
	b.Helper()
	return scheduler.NewGate(scheduler.HouseWindows(scheduler.NewDays(scheduler.Holidays{}, time.FixedZone("+07", 7*3600))))
}

func someContact(i int) dialogs.Contact { return storetest.SomeContact(i, monday) }

// watchMemory samples the anonymous memory of the process until the function it
// returns is called, which says what the most was, in MB.
func watchMemory(b testing.TB) func() float64 {
	var peak atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.NewTicker(5 * time.Millisecond); ; <-tick.C {
			if now := anonymous(b); now > peak.Load() {
				peak.Store(now)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	}()
	return func() float64 {
		close(done)
		<-ended
		return float64(peak.Load()) / 1e6
	}
}

// anonymous is the memory of the process that no file backs, in bytes.
func anonymous(b testing.TB) uint64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("needs /proc")
	}
	for line := range strings.Lines(string(raw)) {
		if value, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb * 1024
		}
	}
	return 0
}

// BenchmarkDueJobs measures how due jobs are found, claimed durably and fired,
// a page a transaction with fsync on: a million tips, each for another contact,
// all due at the same minute, and spread over an hour. The page is the one that
// the running program fires, so that what is measured is what people have.
// Claiming leaves something behind that the nightly housekeeping sweeps up:
// swept/s is what that does, which is not in jobs/s.
func BenchmarkDueJobs(b *testing.B) {
	for _, over := range []int{1, 60} {
		name := fmt.Sprintf("jobs=%d", million)
		if over > 1 {
			name += fmt.Sprintf(",minutes=%d", over)
		}
		b.Run(name, func(b *testing.B) {
			var sweeping time.Duration
			for range b.N {
				b.StopTimer()
				s := storetest.Open(b)
				planJobs(b, s, million, over)
				b.StartTimer()
				if fired := fireAll(b, s); fired != million {
					b.Fatalf("%d fired", fired)
				}
				b.StopTimer()
				from := time.Now()
				sweep(b, s)
				sweeping += time.Since(from)
			}
			b.ReportMetric(float64(b.N)*million/b.Elapsed().Seconds(), "jobs/s")
			b.ReportMetric(float64(b.N)*million/sweeping.Seconds(), "swept/s")
		})
	}
}

// fireAll claims all that is due and returns how much; never an earlier job
// after a later one.
func fireAll(b testing.TB, s *store.Store) (fired int) {
	var last time.Time
	for {
		var jobs []scheduler.Job
		err := s.Update(context.Background(), func(tx *store.Tx) (err error) {
			jobs, err = tx.Claim(monday.Add(time.Hour), scheduler.PageOfJobs)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		for i := range jobs {
			if jobs[i].At.Before(last) {
				b.Fatalf("a job of %s is fired after one of %s", jobs[i].At, last)
			}
			last = jobs[i].At
		}
		if len(jobs) == 0 {
			return fired
		}
		fired += len(jobs)
	}
}

// sweep drops what claimed jobs left behind, as the housekeeping does.
func sweep(b testing.TB, s *store.Store) {
	for from, first := "", true; first || from != ""; first = false {
		err := s.Update(context.Background(), func(tx *store.Tx) (err error) {
			from, err = tx.PruneDue(from, 2000)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func planJobs(b testing.TB, s *store.Store, n, minutes int) {
	random := rand.New(rand.NewPCG(1, 2))
	keys := make([]string, n)
	for i := range keys {
		keys[i] = someContact(i).ID
	}
	slices.Sort(keys)
	for page := range slices.Chunk(keys, 20_000) {
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			for _, key := range page {
				at := monday.Add(time.Duration(random.IntN(minutes)) * time.Minute)
				if err := tx.Plan(scheduler.Job{Kind: scheduler.Wake, Key: key, At: at}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
