package channeltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// hard is a text with what networks stumble over: Vietnamese letters, signs of
// markup languages, emoji of several runes, quotes, an ampersand that could be
// the beginning of an entity.
const hard = "Đăng ký lớp “Sản xuất sạch hơn” <b>&amp; *tiết kiệm* _điện_ [a](b) `x` \\ #1 100%\nDòng hai: 👩‍🏭 🇻🇳 8:00–16:30 ẵ ữ ợ"

func saysWhatItCan(s *stage) {
	name := s.rig.Channel.Name()
	if name == "" || strings.ContainsAny(name, ": \n") {
		s.Errorf("the name %q cannot be part of an address", name)
	}
	if got := s.rig.Address(ann).Channel; got != name {
		s.Errorf("addresses are of channel %q, its name is %q", got, name)
	}
	c := s.caps
	if c.Buttons < 0 || c.Label < 0 || c.Text < 0 || c.Window < 0 {
		s.Errorf("a limit is below nothing: %+v", c)
	}
	if c.Text > 0 && c.Text < 100 || c.Label > 0 && c.Label < 5 {
		s.Errorf("nothing readable fits these limits: text %d, label %d", c.Text, c.Label)
	}
	if c.SharePhone && c.Buttons == 0 {
		s.Error("a number is shared with a button, and there are no buttons")
	}
	if c.Pull != (s.sender == nil) {
		s.Errorf("pulling is %v, but being sent to is %v", c.Pull, s.sender != nil)
	}
	if s.rig.Channel.Capabilities() != c || s.rig.Channel.Name() != name {
		s.Error("it says something else when asked again")
	}
}

func textArrives(s *stage) {
	s.meet(ann)
	before := len(s.rig.Seen(ann))
	s.mustSend(ann, dialogs.Message{Text: hard})
	s.wantTexts(ann, before, hard)
}

func strongArrives(s *stage) {
	s.meet(ann)
	before := len(s.rig.Seen(ann))
	m := dialogs.Message{Text: "Lớp **" + strings.ReplaceAll(hard, "*", "+") + "** và **x < y**", Format: dialogs.Marked}
	for _, part := range channel.Fit(m, s.caps, dialogs.Vietnamese) {
		s.mustSend(ann, part)
	}
	s.wantTexts(ann, before, channel.Plain(m).Text)
}

func (s *stage) wantTexts(person string, from int, want ...string) {
	s.Helper()
	if got := s.texts(person, from); !slices.Equal(got, want) {
		s.Errorf("%s saw\n%q\nwant\n%q", person, got, want)
	}
}

// plenty is a message that asks more of a channel than any has.
func plenty() dialogs.Message {
	m := dialogs.Message{Format: dialogs.Marked, Hint: dialogs.HintChoice}
	var b strings.Builder
	for i := range 900 {
		fmt.Fprintf(&b, "Câu **%d** nói về tiết kiệm điện.", i)
		b.WriteString([]string{" ", "\n", "\n\n"}[i%3])
	}
	m.Text = strings.TrimSpace(b.String())
	for i := range 40 {
		m.Buttons = append(m.Buttons, []dialogs.Button{{ID: fmt.Sprintf("a.plenty.c%d", i), Label: fmt.Sprintf("Lựa chọn %d có nhãn dài hơn mọi giới hạn thường gặp", i)}})
	}
	return m
}

func fitted(s *stage) {
	s.meet(ann)
	before := len(s.rig.Seen(ann))
	m := plenty()
	for _, part := range channel.Fit(m, s.caps, dialogs.Vietnamese) {
		s.mustSend(ann, part)
	}
	seen := s.rig.Seen(ann)[before:]
	var text strings.Builder
	labels := map[string]string{}
	for _, part := range seen {
		text.WriteString(part.Text + "\n")
		for _, row := range part.Buttons {
			for _, b := range row {
				labels[b.ID] = b.Label
			}
		}
	}
	if want := channel.Plain(m).Text; !strings.Contains(words(text.String()), words(want)) {
		s.Errorf("not every word arrived: %d runes of %d", utf8.RuneCountInString(text.String()), utf8.RuneCountInString(want))
	}
	for i, row := range m.Buttons {
		want := row[0]
		label, ok := labels[want.ID]
		switch {
		case ok && !strings.HasPrefix(want.Label, strings.TrimSuffix(label, "…")):
			s.Errorf("choice %d is labelled %q, want the beginning of %q", i, label, want.Label)
		case !ok && !strings.Contains(text.String(), want.Label):
			s.Errorf("choice %d is neither a button nor a line of the text", i)
		}
	}
}

// words drops all white space, which a cut may change.
func words(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, text)
}

func tooLong(s *stage) {
	if s.caps.Text == 0 || s.sender == nil {
		return
	}
	s.meet(ann)
	before := len(s.rig.Seen(ann))
	text := strings.Repeat("chữ ", s.caps.Text/4+1) + "hết"
	err := s.send(context.Background(), ann, dialogs.Message{Text: text})
	seen := words(strings.Join(s.texts(ann, before), " "))
	switch {
	case err == nil && seen != words(text):
		s.Errorf("the network was given %d runes, took them, and %d were seen", utf8.RuneCountInString(words(text)), utf8.RuneCountInString(seen))
	case err != nil && channel.KindOf(err) != channel.TooLong:
		s.Errorf("the failure is called %v, want %v: %v", channel.KindOf(err), channel.TooLong, err)
	case err != nil && seen != "":
		s.Error("it was refused as too long, and something was seen all the same")
	}
}

func inOrder(s *stage) {
	s.meet(ann)
	before := len(s.rig.Seen(ann))
	var want []string
	for i := range 5 {
		want = append(want, fmt.Sprintf("phần %d", i))
		s.mustSend(ann, dialogs.Message{Text: want[i]})
	}
	s.wantTexts(ann, before, want...)
}

// failures has the network fail in every way it knows and looks at what the
// channel makes of it.
func failures(s *stage) {
	if s.rig.Fail == nil || s.sender == nil {
		return
	}
	s.meet(ann)
	for kind := channel.Temporary; kind <= channel.ChannelDown; kind++ {
		const after = 7 * time.Second
		if !s.rig.Fail(kind, after) {
			continue
		}
		err := s.send(context.Background(), ann, dialogs.Message{Text: "**một** tin", Format: s.format()})
		var se *channel.SendError
		switch {
		case err == nil:
			s.Errorf("%v: the sending counts as taken", kind)
		case !errors.As(err, &se):
			s.Errorf("%v: the failure is a %T, want a *channel.SendError", kind, err)
		case se.Kind != kind:
			s.Errorf("%v: the failure is called %v: %v", kind, se.Kind, err)
		case kind == channel.Limited && se.After != after:
			s.Errorf("%v: told to wait %v, want %v", kind, se.After, after)
		case se.Err != nil && strings.Contains(se.Error(), "một"):
			s.Errorf("%v: the failure repeats the message's text: %v", kind, err)
		}
	}
	before := len(s.rig.Seen(ann))
	s.mustSend(ann, dialogs.Message{Text: "sau đó"})
	s.wantTexts(ann, before, "sau đó")
}

func (s *stage) format() dialogs.Format {
	if s.caps.Marked {
		return dialogs.Marked
	}
	return dialogs.Plain
}

func calledOff(s *stage) {
	if s.sender == nil {
		return
	}
	s.meet(ann)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	s.wantSoon(gone, "a sending that was called off before it began")
	if s.rig.Hang == nil {
		return
	}
	release := s.rig.Hang()
	defer release()
	short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	s.wantSoon(short, "a sending to a network that says nothing")
}

// wantSoon sends under a context that is over or will be and wants a failure
// that says that the outcome is open, soon.
func (s *stage) wantSoon(ctx context.Context, what string) {
	s.Helper()
	done := make(chan error, 1)
	go func() { done <- s.send(ctx, ann, dialogs.Message{Text: "không đến"}) }()
	select {
	case err := <-done:
		if kind := channel.KindOf(err); err == nil || kind != channel.Temporary && kind != channel.Uncertain {
			s.Errorf("%s ended with %v, want temporary or uncertain", what, err)
		}
	case <-time.After(soon):
		s.Errorf("%s went on for %v", what, soon)
	}
}

func atOnce(s *stage) {
	const people, messages = 12, 4
	s.meet(ann)
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() { s.person(fmt.Sprint(2000+i), messages) })
	}
	wg.Wait()
}

// person is written to and writes, beside others who do too.
func (s *stage) person(name string, messages int) {
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	if err := s.rig.Say(ctx, name, "first-"+name, "chào từ "+name); err != nil {
		s.Errorf("%s could not write: %v", name, err)
		return
	}
	if got := s.post.await(ctx, s.rig.Address(name), 1); len(got) == 0 || got[0].Input.Text != "chào từ "+name {
		s.Errorf("from %s was received %+v", name, got)
	}
	before := len(s.rig.Seen(name))
	var want []string
	for i := range messages {
		want = append(want, fmt.Sprintf("tin %d cho %s", i, name))
		out := channel.Outgoing{ID: name + "." + fmt.Sprint(i), Address: s.rig.Address(name), Message: dialogs.Message{Text: want[i]}, Attempt: 1}
		if err := s.deliver(ctx, out); err != nil {
			s.Errorf("send to %s: %v", name, err)
		}
	}
	s.wantTexts(name, before, want...)
}
