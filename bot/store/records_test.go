package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

var write = flag.Bool("write-schema", false, "write testdata/schemaN.db.gz of the present schema")

// TestStoredOldFiles opens files as earlier schemas left them: what was kept is
// there, and the store is in order.
func TestStoredOldFiles(t *testing.T) {
	if *write {
		writeSchema(t)
	}
	names, err := filepath.Glob("testdata/schema*.db.gz")
	if err != nil || len(names) != len(migrations) {
		t.Fatalf("%d old files for %d schemas: %v", len(names), len(migrations), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			folder := t.TempDir()
			unpack(t, name, filepath.Join(folder, FileName))
			s, err := Open(folder, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, problems, err := s.Check(context.Background()); err != nil || len(problems) > 0 {
				t.Errorf("%v, %v", problems, err)
			}
			err = s.View(context.Background(), func(tx *Tx) error {
				c, ok, err := tx.Contact("an")
				if err != nil || !ok || c.Fact("name").Text != "Nguyễn Thị Hòa" {
					t.Errorf("the contact is %+v, %v", c, err)
				}
				if e, err := tx.Transcript("web:an", 0, 10); err != nil || len(e) != 1 || e[0].Message.Text != "xin chào" {
					t.Errorf("the conversation is %v, %v", e, err)
				}
				if j, ok, err := tx.Planned(scheduler.Reminder, "7F3K-001/-1d"); err != nil || !ok || j.At.IsZero() {
					t.Errorf("the reminder is %v, %v", j, err)
				}
				if c, ok, err := tx.Class("7f3k"); err != nil || !ok || c.Seats != 5 {
					t.Errorf("the class is %v, %v", c, err)
				}
				if name := filepath.Base(name); name == "schema1.db.gz" || name == "schema2.db.gz" { // before there were any
					return nil
				}
				if f, ok, err := tx.Fate("an", "tip/t01"); err != nil || !ok || f.State != scheduler.FateDropped || f.Reason != scheduler.OptedOut {
					t.Errorf("the fate of the tip is %+v, %v", f, err)
				}
				if a, ok, err := tx.Assessment(1); err != nil || !ok || a.Contact != "an" || a.Answers["g1"] != "2" {
					t.Errorf("the self-check is %v, %v", a, err)
				}
				if r, ok, err := tx.Request(1); err != nil || !ok || r.State != programme.RequestReceived {
					t.Errorf("the request is %v, %v", r, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// writeSchema writes a small store of the present schema.
func writeSchema(t *testing.T) {
	folder := t.TempDir()
	s, err := Open(folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	err = s.Update(context.Background(), func(tx *Tx) error {
		c := dialogs.Contact{ID: "an", Lang: dialogs.Vietnamese, Addresses: []string{"web:an"}, Created: noon}
		c.Learn("name", dialogs.TextOf("Nguyễn Thị Hòa"))
		e := channel.Entry{At: noon, Message: dialogs.Message{Text: "xin chào"}}
		steps := []error{tx.PutContact(&c), tx.PutAddress("web:an", "an", false), tx.PutSession("an", &dialogs.Session{Runs: 3, Seen: noon}),
			tx.Append("web:an", &e), tx.Plan(scheduler.Job{Kind: scheduler.Reminder, Key: "7F3K-001/-1d", At: noon}),
			tx.PutClass(programme.Class{ID: "7f3k", Title: dialogs.Text{VI: "SXSH"}, Venue: "B", Seats: 5, State: programme.StateOpen,
				Sessions: []programme.Session{{Starts: noon, Ends: noon.Add(time.Hour)}}}),
			tx.PutAssessment(&programme.Assessment{Contact: "an", Run: 2, Sector: programme.SectorWood, Band: "basis", Answers: map[string]string{"g1": "2"}, Created: noon}),
			tx.PutRequest(&programme.Request{Contact: "an", Name: "Nguyễn Thị Hòa", State: programme.RequestReceived,
				Steps: []programme.Step{{State: programme.RequestReceived, At: noon}}, Created: noon, Changed: noon}),
			tx.PutFate("an", "tip/t01", scheduler.Fate{State: scheduler.FateDropped, At: noon, Reason: scheduler.OptedOut, Held: noon}),
			tx.Enqueue(outbox.Row{Address: channel.Address{Channel: "net", ID: "1"}, Message: dialogs.Message{Text: "chào"}, Queued: noon})}
		for _, err := range steps {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(folder, FileName))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(raw); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fmt.Sprintf("testdata/schema%d.db.gz", len(migrations)), packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// FuzzRecords reads any bytes as the rows that the store itself encodes.
func FuzzRecords(f *testing.F) {
	e := channel.Entry{At: time.Unix(9, 0), From: channel.FromBot, Push: true, Message: dialogs.Message{Text: "có chỗ", Hint: dialogs.HintChoice,
		Buttons: [][]dialogs.Button{{{ID: "/start take_7F3K001", Label: "Nhận chỗ", On: true}}}, Media: []dialogs.Media{{Kind: dialogs.Image, Name: "a.png"}}}}
	f.Add([]byte("web:an\x00\x00\x00\x00\x00\x00\x00\x00\x01"), appendEntry(nil, &e))
	f.Add(appendDueKey(nil, scheduler.Hold, "7F3K-001"), append(make([]byte, 8), 1, 0, 0, 0))
	f.Fuzz(func(t *testing.T, k, v []byte) {
		if e, err := readEntry(k, v); err == nil {
			again, err := readEntry(k, appendEntry(nil, &e))
			if err != nil || again.Message.Text != e.Message.Text || again.Seq != e.Seq {
				t.Errorf("%+v became %+v, %v", e, again, err)
			}
		}
		_, _ = readDue(k, v)
	})
}
