package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// stored is the store's file, byte by byte.
func (w *onTelegram) stored() [sha256.Size]byte {
	w.Helper()
	raw, err := os.ReadFile(filepath.Join(w.b.cfg.Data, store.FileName))
	if err != nil {
		w.Fatal(err)
	}
	return sha256.Sum256(raw)
}

const rehearsed = `{"title":"Lớp mới","kind":"promotion","text":{"vi":"Có lớp mới."},"segment":{}}`

// TestRehearsalChangesNothing rehearses over real contacts: the people who may
// get it would, those who may not are told apart, the store stays as it was byte
// by byte, and nobody hears anything.
func TestRehearsalChangesNothing(t *testing.T) {
	const people = 30
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, people)
		i := 0
		w.changeAll(func(c *dialogs.Contact) {
			switch i++; {
			case i <= 3:
				c.OptedOut = time.Now()
			case i <= 5:
				c.Consents = nil
			}
			weekly{Sector: "wood", Day: time.Wednesday, Hour: 9}.keep(c)
		})
		w.settle(10 * time.Minute)
		before, heard := w.stored(), len(all[0].Seen())
		for _, spec := range []RehearsalSpec{
			{Broadcast: json.RawMessage(rehearsed), Format: "json"},
			{Days: 21, Format: "xlsx"},
			{Broadcast: json.RawMessage(rehearsed), Invented: 2000, Format: "png", Lang: dialogs.English},
			{Days: 60, Invented: 200, Faults: "bad", Format: "png"},
		} {
			v, err := w.b.Rehearse(context.Background(), spec)
			if err != nil {
				t.Fatal(err)
			}
			r := &v.Report
			if r.Total != r.Sent+r.Failed+r.Skipped || r.Sent == 0 || r.OutsideHours != 0 || len(v.File) == 0 {
				t.Errorf("%+v: %+v", spec, r)
			}
			for _, line := range v.Words {
				if strings.ContainsAny(line, "{}") {
					t.Errorf("not filled in: %s", line)
				}
			}
		}
		if w.stored() != before {
			t.Error("the store changed")
		}
		w.settle(10 * time.Minute)
		if now := len(all[0].Seen()); now != heard {
			t.Errorf("somebody has %d messages, had %d", now, heard)
		}
	})
}

// TestRehearsalSaysWhatBecomesTrue rehearses a broadcast and then sends it: as
// many get it, and as many do not for the same reasons.
func TestRehearsalSaysWhatBecomesTrue(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		audience(w, 40)
		i := 0
		w.changeAll(func(c *dialogs.Contact) {
			if i++; i%4 == 0 {
				c.OptedOut = time.Now()
			}
		})
		v, err := w.b.Rehearse(context.Background(), RehearsalSpec{Broadcast: json.RawMessage(rehearsed), Faults: "none"})
		if err != nil {
			t.Fatal(err)
		}
		spec, err := ParseBroadcast([]byte(rehearsed))
		if err != nil {
			t.Fatal(err)
		}
		id := w.cast(spec).ID
		w.settle(5 * 24 * time.Hour)
		real := w.broadcast(id)
		if real.Counts.Sent != v.Report.Sent || real.Counts.Skipped != v.Report.Skipped || real.SkippedByReason[scheduler.OptedOut] != v.Report.SkippedFor[scheduler.OptedOut] || real.Counts.Sent != 30 {
			t.Errorf("rehearsed %+v, became %+v", v.Report, real.Counts)
		}
		if off := real.Ended.Sub(v.Report.Last).Abs(); off > 10*time.Second {
			t.Errorf("ended %s, rehearsed %s", real.Ended, v.Report.Last)
		}
	})
}

func TestRehearsalRefuses(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		for want, spec := range map[string]RehearsalSpec{
			"days":      {},
			"faults":    {Days: 3, Faults: "awful"},
			"invent":    {Days: 3, Invented: -1},
			"segment":   {Broadcast: json.RawMessage(`{"title":"A","kind":"service","text":{"vi":"B"}}`)},
			".png":      {Days: 3, Invented: 10, Format: "doc"},
			"at most 2": {Days: 3, Invented: maxGuests + 1},
		} {
			if _, err := w.b.Rehearse(context.Background(), spec); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: got %v, want something about %s", spec, err, want)
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := w.b.Rehearse(ctx, RehearsalSpec{Days: 30, Invented: 100}); err == nil {
			t.Error("it went on for somebody who had left")
		}
	})
}

// TestRehearsalPicture looks at the size of the picture.
func TestRehearsalPicture(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		for _, days := range []int{2, 365} {
			v, err := w.b.Rehearse(context.Background(), RehearsalSpec{Days: days, Invented: 300, Format: "png"})
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(v.File))
			if err != nil || img.Bounds().Dx() != 1440 {
				t.Error(fmt.Sprint(days, " days: ", err))
			}
		}
	})
}
