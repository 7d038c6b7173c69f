package outbox_test

import (
	"encoding/hex"
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
	"sachhon/dialogs/wire"
)

func sampleRow() outbox.Row {
	return outbox.Row{
		Lane: outbox.Replies, Address: channel.Address{Channel: "telegram", ID: "279058397"}, Queued: time.Unix(1796882400, 123456789).UTC(),
		Message: dialogs.Message{Text: "(2/5) Anh/chị đang làm ở doanh nghiệp nào?", Buttons: [][]dialogs.Button{{{ID: "a.company.~back", Label: "Quay lại"}}}},
	}
}

var times = rapid.Custom(func(t *rapid.T) time.Time {
	if n := rapid.Int64Range(0, 1<<61).Draw(t, "nano"); n > 0 {
		return time.Unix(0, n).UTC()
	}
	return time.Time{}
})

var anyRow = rapid.Custom(func(t *rapid.T) outbox.Row {
	r := outbox.Row{
		Lane: outbox.Lane(rapid.IntRange(0, 1).Draw(t, "lane")), State: outbox.State(rapid.IntRange(0, 3).Draw(t, "state")),
		Address: channel.Address{Channel: rapid.String().Draw(t, "channel"), ID: rapid.String().Draw(t, "id")},
		Message: dialogs.Message{Text: rapid.String().Draw(t, "text"), Format: dialogs.Format(rapid.IntRange(0, 1).Draw(t, "format"))},
		Key:     rapid.String().Draw(t, "key"), Queued: times.Draw(t, "queued"), NotBefore: times.Draw(t, "not before"),
		Expires: times.Draw(t, "expires"), LeasedUntil: times.Draw(t, "leased until"), Settled: times.Draw(t, "settled"),
		Attempts: rapid.Int().Draw(t, "attempts"), Unsure: rapid.Int().Draw(t, "unsure"), Limit: rapid.Int().Draw(t, "limit"),
		Part: rapid.Int().Draw(t, "part"), PossiblyRepeated: rapid.Bool().Draw(t, "repeated"),
		Reason: outbox.Reason(rapid.String().Draw(t, "reason")), LastError: rapid.String().Draw(t, "error"), Receipt: rapid.String().Draw(t, "receipt"),
		Lang: dialogs.Lang(rapid.String().Draw(t, "lang")), Replaces: rapid.String().Draw(t, "replaces"),
	}
	if rapid.Bool().Draw(t, "media") {
		r.Message.Media = []dialogs.Media{{Kind: dialogs.Document, Name: rapid.String().Draw(t, "name"), Size: rapid.Int64().Draw(t, "size")}}
	}
	return r
})

func TestRowReadsBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRow.Draw(t, "row")
		raw, err := want.AppendBinary([]byte("before"))
		if err != nil {
			t.Fatal(err)
		}
		want.ID = 7
		got := outbox.Row{ID: 7}
		if err := got.UnmarshalBinary(raw[len("before"):]); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

// firstRow is sampleRow as version 1 of the record wrote it.
const firstRow = "0100000874656c656772616d0932373930353833393700aab494a8b9c1e7ef310000000000000000000000003328322f352920416e682f6368e1bb8b" +
	"20c491616e67206cc3a06d20e1bb9f20646f616e68206e676869e1bb8770206ec3a06f3f000001010f612e636f6d70616e792e7e6261636b0a517561" +
	"79206ce1baa169000000"

// TestRowOfTheFirstVersionIsRead holds a record as the first version wrote it.
func TestRowOfTheFirstVersionIsRead(t *testing.T) {
	raw, err := hex.DecodeString(firstRow)
	if err != nil {
		t.Fatal(err)
	}
	var got outbox.Row
	if err := got.UnmarshalBinary(raw); err != nil {
		t.Fatal(err)
	}
	if want := sampleRow(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestRowIsSmall(t *testing.T) {
	r := sampleRow()
	raw, _ := r.AppendBinary(nil)
	if n := len(raw) - len(r.Message.Text); n > 100 {
		t.Errorf("%d bytes beside the text, want at most 100", n)
	}
	buf := make([]byte, 0, 512)
	if n := testing.AllocsPerRun(100, func() { _, _ = r.AppendBinary(buf) }); n > 0 {
		t.Errorf("writing allocates %v times, want none", n)
	}
}

func FuzzRow(f *testing.F) {
	r := sampleRow()
	raw, _ := r.AppendBinary(nil)
	f.Add(raw)
	f.Add(raw[:20])
	f.Add([]byte{1, 9, 9})
	f.Fuzz(func(t *testing.T, raw []byte) {
		kept := outbox.Row{ID: 3, Key: "as before"}
		got := kept
		if err := got.UnmarshalBinary(raw); err != nil {
			if !errors.Is(err, wire.ErrCorrupt) {
				t.Fatalf("error %v is not ErrCorrupt", err)
			}
			if !reflect.DeepEqual(got, kept) {
				t.Fatalf("a record that cannot be read changed the row: %+v", got)
			}
			return
		}
		again, err := got.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		back := outbox.Row{ID: 3}
		if err := back.UnmarshalBinary(again); err != nil || !reflect.DeepEqual(back, got) {
			t.Fatalf("error %v\ngot  %+v\nwant %+v", err, back, got)
		}
	})
}

func BenchmarkRowWrite(b *testing.B) {
	r := sampleRow()
	buf := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = r.AppendBinary(buf)
	}
}

func BenchmarkRowRead(b *testing.B) {
	r := sampleRow()
	raw, _ := r.AppendBinary(nil)
	b.ReportAllocs()
	for b.Loop() {
		var got outbox.Row
		_ = got.UnmarshalBinary(raw)
	}
}
