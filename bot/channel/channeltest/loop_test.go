package channeltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/channeltest"
	"sachhon/dialogs"
)

// loop is a channel for the network of this test. What it does wrong on
// purpose is its quirk; without one it does everything right.
type loop struct {
	quirk  string
	base   string
	client *http.Client
	log    *slog.Logger

	sent atomic.Int64
	mu   sync.Mutex
	last channel.Outgoing
}

func (l *loop) is(quirk string) bool { return l.quirk == quirk }

func (l *loop) Name() string {
	if l.is("its name cannot be part of an address") {
		return "loop:1"
	}
	return "loop"
}

func (l *loop) Capabilities() channel.Capabilities {
	c := channel.Capabilities{Buttons: maxButtons, Label: maxLabel, Text: maxText, Marked: true}
	if l.is("it promises more buttons than there are") {
		c.Buttons = 50
	}
	return c
}

func (l *loop) Send(ctx context.Context, out channel.Outgoing) (channel.Receipt, error) {
	n := l.sent.Add(1)
	switch {
	case l.is("it goes on when called off"):
		ctx = context.Background()
	case l.is("it calls home"):
		if resp, err := l.client.Get("http://metrics.invalid/"); err == nil {
			_ = resp.Body.Close()
		}
	case l.is("it mixes people up") && n%5 == 0:
		out.Address = channel.Address{Channel: "loop", ID: "1001"}
	case l.is("it swaps messages"):
		l.mu.Lock()
		last := l.last
		l.last = out
		l.mu.Unlock()
		if n%2 == 1 {
			return channel.Receipt{}, nil
		}
		_, err := l.request(ctx, out)
		if err != nil {
			return channel.Receipt{}, err
		}
		out = last
	}
	err := l.outcome(l.request(ctx, out))
	if err != nil {
		l.log.Warn("not sent", "error", err)
	}
	if l.is("it says that all is well") {
		return channel.Receipt{}, nil
	}
	return channel.Receipt{MessageID: out.ID}, err
}

// request hands a message to the network.
func (l *loop) request(ctx context.Context, out channel.Outgoing) (*http.Response, error) {
	m := out.Message
	if l.is("it cuts texts and says nothing") && len([]rune(m.Text)) > maxText {
		m.Text = string([]rune(m.Text)[:maxText])
	}
	form := url.Values{"to": {out.Address.ID}, "html": {l.markup(m)}}
	var rows [][]wireButton
	for _, row := range m.Buttons {
		var list []wireButton
		for _, b := range row {
			list = append(list, wireButton{b.ID, b.Label})
		}
		rows = append(rows, list)
	}
	if l.is("it drops buttons") && len(rows) > 2 {
		rows = rows[:2]
	}
	if rows != nil {
		raw, err := json.Marshal(rows)
		if err != nil {
			return nil, err
		}
		form.Set("buttons", string(raw))
	}
	if l.is("it logs its token") {
		l.log.Debug("request", "url", l.base+"/send")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+"/send", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return l.client.Do(req)
}

func (l *loop) markup(m dialogs.Message) string {
	if l.is("it does not escape") {
		return m.Text
	}
	esc := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;").Replace(m.Text)
	if m.Format != dialogs.Marked {
		return esc
	}
	if l.is("it drops strong words") {
		return strings.Split(esc, "**")[0]
	}
	for i := 0; strings.Contains(esc, "**"); i++ {
		esc = strings.Replace(esc, "**", []string{"<b>", "</b>"}[i%2], 1)
	}
	return esc
}

// outcome makes of the network's answer what the outbox acts on.
func (l *loop) outcome(resp *http.Response, err error) error {
	if err != nil {
		if l.is("it repeats the request's address in errors") {
			return &channel.SendError{Kind: channel.Uncertain, Err: err}
		}
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // the request's address holds the token
		}
		if l.is("its errors have no type") {
			return err
		}
		return &channel.SendError{Kind: channel.Uncertain, Err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	var body refusal
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		return &channel.SendError{Kind: channel.Uncertain, Err: fmt.Errorf("status %d", resp.StatusCode)}
	}
	se := &channel.SendError{Err: errors.New(body.Why), After: time.Duration(body.After) * time.Second}
	se.Kind = map[string]channel.ErrorKind{"not taken": channel.Temporary, "slow down": channel.Limited, "markup": channel.BadFormat,
		"too long": channel.TooLong, "unreachable": channel.Unreachable, "refused": channel.Refused, "revoked": channel.ChannelDown}[body.Why]
	if l.is("it does not say how long to wait") {
		se.After = 0
	}
	if l.is("it takes every refusal for a passing one") {
		se.Kind = channel.Temporary
	}
	return se
}

// Poll fetches what people do. It acknowledges what the receiver has kept by
// asking for what comes after.
func (l *loop) Poll(ctx context.Context, to channel.Receiver) error {
	after := 0
	if l.is("it polls for ever") {
		ctx = context.WithoutCancel(ctx)
	}
	for ctx.Err() == nil {
		updates, err := l.fetch(ctx, after)
		if err != nil {
			select { // a network that is gone is not asked at full speed
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
			if l.is("it polls for ever") {
				return nil // by then the network itself is gone
			}
			continue
		}
		for _, u := range updates {
			err := to.Receive(ctx, l.incoming(u))
			if err != nil && !l.is("it acknowledges what was not kept") {
				break
			}
			after = u.Seq
		}
	}
	return nil
}

func (l *loop) fetch(ctx context.Context, after int) ([]wireUpdate, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/updates?after=%d", l.base, after), nil)
	if err != nil {
		return nil, err
	}
	resp, err := l.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	var updates []wireUpdate
	return updates, json.NewDecoder(resp.Body).Decode(&updates)
}

func (l *loop) incoming(u wireUpdate) channel.Incoming {
	in := channel.Incoming{ID: u.ID, Address: channel.Address{Channel: l.Name(), ID: u.From}, Input: dialogs.Say(u.Text)}
	if u.Button != "" {
		in.Input = dialogs.Press(u.Button)
	}
	switch l.quirk {
	case "it bends what people type":
		in.Input.Text = strings.ToUpper(html.EscapeString(u.Text))
	case "it cuts what buttons say":
		in.Input.Button = u.Button[:min(len(u.Button), 20)]
	case "every delivery has its own ID":
		in.ID = fmt.Sprint(u.Seq)
	case "all updates have one ID":
		in.ID = "1"
	}
	return in
}

// harness makes a loop with the given quirk.
func harness(quirk string) channeltest.Harness {
	return channeltest.Harness{New: func(t testing.TB, log *slog.Logger, _ channel.Receiver) channeltest.Rig {
		n := newNetwork(t)
		var mu sync.Mutex
		var outside []string
		dial := func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != n.Listener.Addr().String() {
				mu.Lock()
				defer mu.Unlock()
				outside = append(outside, address)
				return nil, errors.New("no way out")
			}
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		}
		l := &loop{quirk: quirk, base: n.URL + "/" + token, log: log, client: &http.Client{Transport: &http.Transport{DialContext: dial}}}
		t.Cleanup(l.client.CloseIdleConnections)
		return channeltest.Rig{
			Channel: l,
			Say: func(_ context.Context, person, id, text string) error {
				n.act(wireUpdate{ID: id, From: person, Text: text})
				return nil
			},
			Press: func(_ context.Context, person, id, button string) error {
				n.act(wireUpdate{ID: id, From: person, Button: button})
				return nil
			},
			Seen: n.seenBy, Fail: n.failNext, Hang: n.hang, Secrets: []string{token},
			Outside: func() []string {
				mu.Lock()
				defer mu.Unlock()
				return outside
			},
		}
	}}
}
