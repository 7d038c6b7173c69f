package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram/telegramtest"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// audience are people who came by Telegram and agreed to tips and news.
func audience(w *onTelegram, n int) []*telegramtest.Person {
	w.Helper()
	var all []*telegramtest.Person
	for i := range n {
		p := w.srv.NewPerson(int64(20_000+i), fmt.Sprint("N", i), "vi")
		p.Start("")
		all = append(all, p)
	}
	w.settle(2 * time.Minute)
	w.changeAll(func(c *dialogs.Contact) {
		c.Consents = append(c.Consents, dialogs.Consent{Purpose: "tips", Given: true, At: time.Now()})
	})
	for _, p := range all {
		w.seenBefore(p)
	}
	return all
}

// changeAll changes every contact.
func (w *onTelegram) changeAll(do func(c *dialogs.Contact)) {
	w.Helper()
	err := w.b.store.Update(context.Background(), func(tx *store.Tx) error {
		var all []dialogs.Contact
		if err := tx.Contacts(func(c dialogs.Contact) bool { all = append(all, c); return true }); err != nil {
			return err
		}
		for i := range all {
			do(&all[i])
			if err := tx.PutContact(&all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// seenBefore checks that a person was greeted.
func (w *onTelegram) seenBefore(p *telegramtest.Person) {
	if len(p.Seen()) == 0 {
		w.Errorf("person %d was not greeted", p.ID())
	}
}

// copies counts the messages a person has with these words in them.
func copies(p *telegramtest.Person, words string) (n int) {
	for _, m := range p.Seen() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

func (w *onTelegram) cast(spec BroadcastSpec) BroadcastView {
	w.Helper()
	if spec.Segment == nil {
		spec.Segment = json.RawMessage(`{}`)
	}
	v, err := w.b.CreateBroadcast(context.Background(), spec, "test")
	if err != nil {
		w.Fatal(err)
	}
	return v
}

func (w *onTelegram) broadcast(id string) BroadcastView {
	w.Helper()
	v, err := w.b.Broadcast(context.Background(), id)
	if err != nil {
		w.Fatal(err)
	}
	if n := v.Counts; n.Total != n.Sent+n.Failed+n.Skipped+n.Pending {
		w.Errorf("the counts do not add up: %+v", n)
	}
	return v
}

// TestBroadcastOutlastsAFloodWait has Telegram ask for 2,282 seconds of
// patience in the middle of a broadcast: all of it is there afterwards, nothing
// twice, and meanwhile the outbox holds no more than two seconds' worth.
func TestBroadcastOutlastsAFloodWait(t *testing.T) {
	const people = 400
	inTelegram(t, telegramtest.Options{Rate: telegramtest.RealRate()}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, people)
		id := w.cast(BroadcastSpec{Title: "Lịch mới", Kind: "service", Text: dialogs.Text{VI: "Lịch lớp đã có."}}).ID
		w.settle(5 * time.Second)
		w.srv.FailNext("sendMessage", telegramtest.Failure{Code: 429, RetryAfter: 2282})
		w.settle(20 * time.Minute)
		v := w.broadcast(id)
		if v.Status != "sending" || v.Counts.Sent == 0 || v.Counts.Sent == people {
			t.Fatalf("in the middle of it: %s, %+v", v.Status, v.Counts)
		}
		if queued := w.queued(id); queued > secondsAhead*28 {
			t.Errorf("%d messages are in the outbox", queued)
		}
		w.settle(25 * time.Minute)
		v = w.broadcast(id)
		if v.Status != "done" || v.Counts.Sent != people || v.Counts.Repeated != 0 {
			t.Errorf("after it: %s, %+v", v.Status, v.Counts)
		}
		for _, p := range all {
			if n := copies(p, "Lịch lớp đã có."); n != 1 {
				t.Errorf("person %d has it %d times", p.ID(), n)
			}
		}
	})
}

func (w *onTelegram) queued(id string) (n int) {
	err := w.b.store.View(context.Background(), func(tx *store.Tx) error {
		c, _, err := tx.Broadcast(id)
		for _, way := range c.Counts.Ways {
			n += way.Queued
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// TestPromotionWaitsForAWorkingMorning begins on a Saturday: promotion leaves
// on Monday at eight, labelled, with the way to refuse at its end.
func TestPromotionWaitsForAWorkingMorning(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		all := audience(w, 5)
		w.play(all[1], "dừng")
		id := w.cast(BroadcastSpec{Title: "Mời", Kind: "promotion", Text: dialogs.Text{VI: "Lớp **mới**, anh/chị tới chứ?"},
			Answers: []BroadcastButton{{Key: "yes", Label: dialogs.Text{VI: "Tôi sẽ tới", EN: "I'll come"}}, {Label: dialogs.Text{VI: "Không tới"}}}}).ID
		w.settle(time.Minute)
		v := w.broadcast(id)
		monday := time.Date(2000, 1, 3, 8, 0, 0, 0, w.b.cfg.Timezone)
		if v.HeldFor != scheduler.OnQuietDay || !v.HeldUntil.Equal(monday) || v.Counts.Pending != 4 || v.SkippedByReason[scheduler.OptedOut] != 1 {
			t.Fatalf("on Saturday it is %+v", v)
		}
		w.why(all[0], id, "Đợt gửi tạm nghỉ: ngày nghỉ hoặc ngày không gửi tin giới thiệu. Gửi tiếp từ 8:00 thứ Hai, 3/1/2000.")
		w.why(all[1], id, "Không gửi: đã thôi nhận tin giới thiệu.")
		w.play(all[2], "dừng") // meanwhile
		w.settle(time.Until(monday.Add(-time.Second)))
		if n := copies(all[0], "[QC]"); n != 0 {
			t.Errorf("it left before Monday, %d times", n)
		}
		w.settle(time.Minute)
		v = w.broadcast(id)
		if v.Status != "done" || v.Counts.Sent != 3 || v.SkippedByReason[scheduler.OptedOut] != 2 {
			t.Errorf("on Monday it is %s, %+v, %v", v.Status, v.Counts, v.SkippedByReason)
		}
		last := w.last(all[0])
		if !strings.HasPrefix(last.Text, "[QC] Lớp mới, anh/chị tới chứ?") || !strings.HasSuffix(last.Text, "Trả lời DỪNG để thôi nhận.") {
			t.Errorf("it says %q", last.Text)
		}
		w.why(all[0], id, "Đã nhận lúc 8:00 thứ Hai, 3/1/2000.")
		w.answers(all, id)
	})
}

// answers presses and types answers: everybody counts once, with the last one.
func (w *onTelegram) answers(all []*telegramtest.Person, id string) {
	w.Helper()
	w.presses(all[0], "Tôi sẽ tới")
	w.wants(w.last(all[0]), "đã ghi nhận: Tôi sẽ tới")
	w.says(all[3], "Tôi sẽ tới")
	w.wants(w.last(all[3]), "đã ghi nhận: Tôi sẽ tới")
	w.says(all[3], "không tới")
	v := w.broadcast(id)
	if v.Answers[0].Pressed != 1 || v.Answers[1].Pressed != 1 {
		w.Errorf("the answers are %+v", v.Answers)
	}
	entries, err := w.b.transcript(context.Background(), addressOf(all[0]), 0, 100)
	if err != nil {
		w.Fatal(err)
	}
	found := 0
	for _, e := range entries {
		if e.Push && strings.Contains(e.Message.Text, "[QC]") {
			found++
		}
	}
	if found != 1 {
		w.Errorf("the conversation has the broadcast %d times", found)
	}
}

func (w *onTelegram) why(p *telegramtest.Person, id, want string) {
	w.Helper()
	v, err := w.b.BroadcastRecipient(context.Background(), id, addressOf(p).String())
	if err != nil || v.Words.VI != want {
		w.Errorf("why: %q (%+v), %v; want %q", v.Words.VI, v, err, want)
	}
}

// TestPauseTakesBackWhatHasNotLeft pauses in the middle, changes the words, goes
// on, and cancels: who had the first words does not get the second.
func TestPauseTakesBackWhatHasNotLeft(t *testing.T) {
	const people = 300
	inTelegram(t, telegramtest.Options{}, 30*time.Millisecond, func(w *onTelegram) {
		all := audience(w, people)
		ctx := context.Background()
		id := w.cast(BroadcastSpec{Title: "Lịch", Kind: "service", Text: dialogs.Text{VI: "Bản đầu."}}).ID
		w.settle(3 * time.Second)
		if _, err := w.b.RewordBroadcast(ctx, id, "", dialogs.Text{VI: "Bản sau."}); err == nil {
			t.Error("the words were changed while it was sending")
		}
		if _, err := w.b.PauseBroadcast(ctx, id); err != nil {
			t.Fatal(err)
		}
		w.settle(2 * time.Second)
		first := w.broadcast(id)
		w.settle(time.Hour)
		if v := w.broadcast(id); v.Counts.Sent != first.Counts.Sent || v.Status != "paused" || w.queued(id) != 0 {
			t.Errorf("paused, it went on from %+v to %+v with %d in the outbox", first.Counts, v.Counts, w.queued(id))
		}
		if _, err := w.b.RewordBroadcast(ctx, id, "", dialogs.Text{VI: "Bản sau."}); err != nil {
			t.Error(err)
		}
		if _, err := w.b.ResumeBroadcast(ctx, id); err != nil {
			t.Fatal(err)
		}
		w.settle(3 * time.Second)
		v, err := w.b.CancelBroadcast(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		w.settle(time.Hour)
		v = w.broadcast(id)
		if v.Status != "cancelled" || v.Counts.Pending != 0 || v.SkippedByReason[scheduler.ForCancelled] != people-v.Counts.Sent || v.Counts.Sent <= first.Counts.Sent {
			t.Errorf("cancelled, it is %+v", v)
		}
		w.versions(all, id, first.Counts.Sent, v.Counts.Sent)
	})
}

// versions counts who has the first words and who the second.
func (w *onTelegram) versions(all []*telegramtest.Person, id string, first, sent int) {
	w.Helper()
	old, fresh := 0, 0
	for _, p := range all {
		a, b := copies(p, "Bản đầu."), copies(p, "Bản sau.")
		old, fresh = old+a, fresh+b
		if a+b > 1 {
			w.Errorf("person %d has both", p.ID())
		}
	}
	if old != first || fresh != sent-first {
		w.Errorf("%d have the first words and %d the second, want %d and %d", old, fresh, first, sent-first)
	}
}

// TestBrokenMessagePausesItself has Telegram refuse a broadcast for everybody:
// it stops by itself long before all were tried, and says why.
func TestBrokenMessagePausesItself(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		audience(w, 200)
		w.srv.FailNext("sendMessage", telegramtest.Failure{Code: 400, Times: 1000, Description: "Bad Request: BUTTON_URL_INVALID"})
		id := w.cast(BroadcastSpec{Title: "Hỏng", Kind: "service", Text: dialogs.Text{VI: "Hỏng."}}).ID
		w.settle(10 * time.Minute)
		v := w.broadcast(id)
		if v.Status != "paused" || v.PausedFor != scheduler.PausedByErrors || v.Counts.Failed < 20 || v.Counts.Failed > 60 || v.Counts.Pending != 200-v.Counts.Failed {
			t.Errorf("it is %s %s, %+v", v.Status, v.PausedFor, v.Counts)
		}
	})
}

func TestBroadcastThatCannotBeReadIsRefused(t *testing.T) {
	s := openStage(t, 5)
	ctx := context.Background()
	for raw, want := range map[string]string{
		`{"title":"A","kind":"advert","text":{"vi":"a"},"segment":{}}`:                                                                       "promotion or service",
		`{"kind":"service","text":{"vi":"a"},"segment":{}}`:                                                                                  `"title" is missing`,
		`{"title":"A","kind":"service","text":{"en":"a"},"segment":{}}`:                                                                      `words under "vi"`,
		`{"title":"A","kind":"service","text":{"vi":"a"}}`:                                                                                   `{} is everybody`,
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{"sektor":["wood"]}}`:                                                     "sector, ward",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":"gỗ"}`:                                                                    "no segment",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"send_at":"tomorrow"}`:                                                 "is no time",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"expires_at":"2020-01-01T00:00:00Z"}`:                                  "is past",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"send_at":"2099-01-02T00:00:00Z","expires_at":"2099-01-01T00:00:00Z"}`: "later",
		`{"title":7,"kind":"service","text":{"vi":"a"},"segment":{}}`:                                                                        `"title" cannot be a JSON number`,
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"send_at":"2020-01-01T00:00:00Z"}`:                                     "check the year",
		`[1]`: "must be a JSON object",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"answers":[{"key":"a-b","label":{"vi":"Có"}}]}`: "small letters",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"colour":"red"}`:                                "colour",
		`{"title":"A","kind":"service","text":{"vi":"a","em":"b"},"segment":{}}`:                                      `"em"`,
		`{"title":"A","kind":"service","text":"a","segment":{},"answers":[{"label":{"en":"Yes"}}]}`:                   "needs a label",
		`{"title":"A","kind":"service","text":7,"segment":{}}`:                                                        "text",
		`{"title":"A","kind":"service","text":{"vi":"a"},"segment":{},"media":{"name":"a.png"}}`:                      "base64",
	} {
		spec, err := ParseBroadcast([]byte(raw))
		if err == nil {
			_, err = s.bot.CreateBroadcast(ctx, spec, "test")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", raw, err, want)
		}
	}
	if list, err := s.bot.Broadcasts(ctx); err != nil || len(list) != 0 {
		t.Errorf("%d were kept, %v", len(list), err)
	}
}

// TestPictureIsAlwaysDescribed wants words for those who cannot see a picture:
// those of who sent it, else some in the reader's language.
func TestPictureIsAlwaysDescribed(t *testing.T) {
	s := openStage(t, 5)
	for alt, want := range map[dialogs.Text]dialogs.Text{
		{VI: "Áp phích lớp gỗ"}:                       {VI: "Áp phích lớp gỗ", EN: "Áp phích lớp gỗ"},
		{VI: "Áp phích lớp gỗ", EN: "The wood class"}: {VI: "Áp phích lớp gỗ", EN: "The wood class"},
		{}: {VI: "Hình kèm tin của Trung tâm", EN: "Picture that comes with the centre's message"},
	} {
		spec := BroadcastSpec{Title: "Mời", Kind: "service", Text: dialogs.Text{VI: "Mời."}, Segment: json.RawMessage(`{}`),
			Media: &BroadcastMedia{Name: "ap-phich.png", Bytes: []byte("\x89PNG\r\n\x1a\n"), Alt: alt}}
		v, err := s.bot.CreateBroadcast(t.Context(), spec, "test")
		if err != nil {
			t.Fatal(err)
		}
		err = s.bot.store.View(t.Context(), func(tx *store.Tx) error {
			c, _, err := tx.Broadcast(v.ID)
			for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
				if m := s.bot.castMessage(&c, lang); len(m.Media) != 1 || m.Media[0].Alt != want.In(lang) {
					t.Errorf("in %s, with %q: %+v", lang, alt, m.Media)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPictureOnItsOwnSaysThatItIsPromotion sends words too long to go with a
// picture or a document: that comes first then, and the label must be on it.
func TestPictureOnItsOwnSaysThatItIsPromotion(t *testing.T) {
	s := openStage(t, 5)
	caps := channel.Capabilities{Text: 4096, Buttons: 20, Marked: true, Pictures: true, Files: true, Caption: 1024}
	s.bot.turns.channels["net"] = caps
	alt := dialogs.Text{VI: "Áp phích lớp gỗ", EN: "The wood class"}
	for _, tt := range []struct {
		kind scheduler.PushKind
		of   dialogs.MediaKind
		long bool
		want dialogs.Text
	}{
		{scheduler.Promotion, dialogs.Image, true, dialogs.Text{VI: "[QC] Áp phích lớp gỗ", EN: "[AD] The wood class"}},
		{scheduler.Promotion, dialogs.Document, true, dialogs.Text{VI: "[QC] Áp phích lớp gỗ", EN: "[AD] The wood class"}},
		{scheduler.Promotion, dialogs.Image, false, alt},
		{scheduler.Service, dialogs.Image, true, alt},
	} {
		words := "Mời anh/chị."
		if tt.long {
			words = strings.Repeat("Mời anh/chị. ", 100)
		}
		c := scheduler.Broadcast{Kind: tt.kind, Text: dialogs.Text{VI: words}, AltEN: alt.EN,
			Media: dialogs.Media{Kind: tt.of, Name: "a.png", Alt: alt.VI, Ref: "file:1"}}
		for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
			parts := channel.Fit(s.bot.castMessage(&c, lang), caps, lang)
			if got := parts[0].Media; len(got) != 1 || got[0].Alt != tt.want.In(lang) || tt.long != (len(parts) == 2) {
				t.Errorf("%+v in %s: %+v", tt, lang, parts)
			}
		}
	}
}

// TestPreviewCountsAndKeepsNothing previews for people who differ.
func TestPreviewCountsAndKeepsNothing(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		all := audience(w, 6)
		w.play(all[0], "dừng")
		w.play(all[1], "/language en")
		if err := w.b.SaveSegment(context.Background(), "english", &scheduler.Segment{Langs: []dialogs.Lang{dialogs.English}}); err != nil {
			t.Fatal(err)
		}
		spec := BroadcastSpec{Title: "Mời", Kind: "promotion", Text: dialogs.Text{VI: "Mời.", EN: "Come."}, Segment: json.RawMessage(`{"language":["vi"]}`)}
		p, err := w.b.PreviewBroadcast(context.Background(), spec)
		if err != nil || p.Recipients != 5 || p.Outside != 1 || p.Now != 0 || p.Skipped[scheduler.OptedOut] != 1 || p.Later[scheduler.OnQuietDay] != 4 {
			t.Errorf("the preview is %+v, %v", p, err)
		}
		spec.Segment = json.RawMessage(`"english"`)
		p, err = w.b.PreviewBroadcast(context.Background(), spec)
		if err != nil || p.Recipients != 1 || p.Outside != 5 || p.Languages["en"] != 1 || !strings.HasPrefix(p.Message.EN, "[AD] Come.") {
			t.Errorf("the preview by name is %+v, %v", p, err)
		}
		if list, err := w.b.Broadcasts(context.Background()); err != nil || len(list) != 0 {
			t.Errorf("%d broadcasts were kept, %v", len(list), err)
		}
	})
}

// TestAnswersToATestAreNotCounted looks at a broadcast before it begins and
// presses an answer: what follows is what everybody will read.
func TestAnswersToATestAreNotCounted(t *testing.T) {
	inTelegram(t, telegramtest.Options{}, 0, func(w *onTelegram) {
		all := audience(w, 2)
		id := w.cast(BroadcastSpec{Title: "Mời", Kind: "service", Text: dialogs.Text{VI: "Anh/chị tới chứ?"}, SendAt: time.Now().Add(day),
			Answers: []BroadcastButton{{Key: "yes", Label: dialogs.Text{VI: "Tôi sẽ tới", EN: "I'll come"}}}}).ID
		if err := w.b.TestBroadcast(context.Background(), id, addressOf(all[0]).String()); err != nil {
			t.Fatal(err)
		}
		w.settle(time.Minute)
		w.presses(all[0], "Tôi sẽ tới")
		w.wants(w.last(all[0]), "đã ghi nhận: Tôi sẽ tới")
		if v := w.broadcast(id); v.Answers[0].Pressed != 0 || v.Counts.Total != 0 {
			t.Errorf("the broadcast has %+v", v)
		}
	})
}

// TestPicturesAreDescribedInOneLanguageOrBoth reads both forms of a request.
func TestPicturesAreDescribedInOneLanguageOrBoth(t *testing.T) {
	for alt, want := range map[string]dialogs.Text{`"Áp phích"`: {VI: "Áp phích"}, `{"vi":"Áp phích","en":"Poster"}`: {VI: "Áp phích", EN: "Poster"}} {
		spec, err := ParseBroadcast([]byte(`{"title":"A","kind":"service","text":"a","segment":{},"media":{"name":"a.png","bytes":"iVBORw==","alt":` + alt + `}}`))
		if err != nil || spec.Media == nil || spec.Media.Alt != want || len(spec.Media.Bytes) != 4 {
			t.Errorf("%s: %+v, %v", alt, spec.Media, err)
		}
	}
	if _, err := ParseBroadcast([]byte(`{"title":"A","kind":"service","text":"a","segment":{},"media":{"name":"a.png","alt":{"fr":"Affiche"}}}`)); err == nil {
		t.Error("a language nobody speaks here is taken")
	}
}
