package main

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/store"
	"sachhon/bot/store/storetest"
)

// BenchmarkOpenMillion measures how the real program starts over the store of a
// centre with a million contacts, each with a session, a weekly tip that is
// planned and a note of the last one: from exec to the first 200 of /healthz,
// and to the first answer in the web chat, in turn with a store that is all but
// empty. Cold is with nothing of the file in memory, as after a machine's own
// start. In walk the settings are others than before, so that the program goes
// through all contacts meanwhile; reply is what people who talk wait for.
func BenchmarkOpenMillion(b *testing.B) {
	program, big, small := built(b, "cmd/sachhon"), b.TempDir(), b.TempDir()
	storetest.FillCentre(b, big, 1_010_000)
	storetest.FillCentre(b, small, 10)
	forget(b, big, 10_000)
	for _, data := range []string{big, small} { // plans and content agree
		if out, err := exec.Command(program, "run", "now", "campaigns", "--data", data).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	var of, least, cold, walk startups
	var replies, alone []time.Duration
	for b.Loop() {
		of.add(startOurs(b, program, big))
		least.add(startAnd(b, program, small, func(v *browser) { alone = append(alone, talkOn(b, v)...) }))
		cool(b, filepath.Join(big, store.FileName))
		cold.add(startOurs(b, program, big))
		walk.add(startAnd(b, program, big, func(v *browser) { replies = append(replies, talkOn(b, v)...) }, "SACHHON_TIMEZONE=Asia/Bangkok"))
	}
	b.ReportMetric(0, "ns/op") // it is about the medians
	of.report(b, "")
	least.report(b, "empty-")
	cold.report(b, "cold-")
	walk.report(b, "walk-")
	for name, list := range map[string][]time.Duration{"walk-": replies, "empty-": alone} {
		b.ReportMetric(median(list), "ms/"+name+"reply")
		b.ReportMetric(nineOfTen(list), "ms/"+name+"reply-90%")
	}
}

// cool drops what the machine keeps of a file in memory.
func cool(t testing.TB, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const dontNeed = 4 // POSIX_FADV_DONTNEED
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if _, _, e := syscall.Syscall6(syscall.SYS_FADVISE64, f.Fd(), 0, 0, dontNeed, 0, 0); e != 0 {
		t.Fatal(e)
	}
}

// talkOn says something again and again, as fast as one visitor may, and returns
// how long each answer took.
func talkOn(t testing.TB, v *browser) (took []time.Duration) {
	t.Helper()
	pace := time.Tick(20 * time.Millisecond)
	for range 50 {
		<-pace
		from := time.Now()
		if err := v.say("menu"); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(from))
	}
	return took
}

// forget has the first contacts of a centre deleted, as they asked for; their ids
// lie anywhere among the others.
func forget(t testing.TB, folder string, n int) {
	t.Helper()
	s, err := store.Open(folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	for page := range slices.Chunk(numbers, 20) { // few at once, as people ask for it: the file keeps few free pages
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for _, i := range page {
				if err := tx.Forget(storetest.SomeContact(i, time.Now()).ID, time.Now()); err != nil {
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

// TestStartReadsNobody spoils the records of all contacts while the program is
// down: it starts and answers a newcomer all the same, since nothing at the
// start reads them. Whatever does go through all of them says so.
func TestStartReadsNobody(t *testing.T) {
	data := t.TempDir()
	storetest.FillCentre(t, data, 20_000)
	must(t, "", "run", "now", "campaigns", "--data", data) // plans and content agree
	spoil(t, filepath.Join(data, store.FileName))
	s := serve(t, data)
	visitor := newBrowser(s.addr)
	if err := visitor.open("/"); err != nil {
		t.Fatal(err)
	}
	if err := visitor.say("menu"); err != nil || visitor.heard() < 2 {
		t.Errorf("a newcomer hears %d messages, %v", visitor.heard(), err)
	}
	if _, errs, code := output(t, "", "run", "now", "campaigns", "--data", data); code == 0 {
		t.Errorf("what goes through all contacts does not mind: %s", errs)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil || strings.Contains(s.log.String(), "trying again") {
		t.Errorf("it ends with %v, having said %s", err, s.log)
	}
}

// spoil overwrites every row of a contact in the buckets that have one for each.
func spoil(t *testing.T, path string) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range []string{"contacts", "addresses", "sessions", "sent_lately", "due"} {
			b := tx.Bucket([]byte(name))
			var keys [][]byte
			err := b.ForEach(func(k, _ []byte) error {
				if !bytes.HasPrefix(k, []byte("leaflet\x00")) { // the house's own, a few
					keys = append(keys, bytes.Clone(k))
				}
				return nil
			})
			if err != nil {
				return err
			}
			if len(keys) < 20_000 {
				t.Errorf("%s has %d rows", name, len(keys))
			}
			for _, k := range keys {
				if err := b.Put(k, []byte("spoiled")); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
