package webchat_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"sachhon/bot/channel"
	"sachhon/bot/channel/channeltest"
	"sachhon/bot/channel/webchat"
	"sachhon/dialogs"
)

// TestConformance holds the page to what every channel promises. People are
// browsers without JavaScript, known by their cookies; the other side is a
// transcript that hands what it receives to the suite.
func TestConformance(t *testing.T) {
	channeltest.Run(t, channeltest.Harness{New: func(t testing.TB, log *slog.Logger, to channel.Receiver) channeltest.Rig {
		bot := &wall{office: newOffice(time.Now), to: to}
		web := webchat.New(bot, webchat.Options{Log: log, Limits: webchat.Limits{VisitorRate: 1000, VisitorBurst: 1000}})
		mux := http.NewServeMux()
		web.Routes(mux)
		srv := httptest.NewServer(mux)
		t.Cleanup(srv.Close)
		p := &people{srv: srv, bot: bot, met: map[string]channel.Address{}}
		return channeltest.Rig{
			Channel: web,
			Address: p.address,
			Deliver: func(_ context.Context, out channel.Outgoing) error {
				bot.mu.Lock()
				defer bot.mu.Unlock()
				bot.say(bot.talk(out.Address), true, out.Message)
				bot.tell(out.Address)
				return nil
			},
			Say: func(ctx context.Context, person, id, text string) error {
				return p.post(ctx, person, id, url.Values{"text": {text}})
			},
			Press: func(ctx context.Context, person, id, button string) error {
				return p.post(ctx, person, id, url.Values{"press": {button}})
			},
			Seen: p.seen,
			Outside: func() []string {
				return nil // the handler opens no connection, and its pages name no host: TestVisitIsSmall
			},
		}
	}})
}

// wall is a transcript whose receiver is the suite.
type wall struct {
	*office
	to channel.Receiver
}

func (w *wall) Receive(ctx context.Context, in ...channel.Incoming) error {
	if err := w.to.Receive(ctx, in...); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, i := range in {
		w.seq++
		w.talk(i.Address).entries = append(w.talk(i.Address).entries, channel.Entry{Seq: w.seq, At: w.now(), From: channel.FromPerson,
			Button: i.Input.Button, Message: dialogs.Message{Text: i.Input.Text + i.Label}})
	}
	return nil
}

// people are the visitors of the page by their names.
type people struct {
	srv *httptest.Server
	bot *wall
	mu  sync.Mutex
	met map[string]channel.Address
}

func secretOf(person string) string {
	n, err := strconv.Atoi(person)
	if err != nil {
		panic("people are named by numbers, not " + person)
	}
	return number(n)
}

// address is a visitor's address as the page makes it of the cookie. Everybody
// was greeted before, so that the first words are not preceded by /start.
func (p *people) address(person string) channel.Address {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.met[person]; ok {
		return at
	}
	sum := sha256.Sum256([]byte("sachhon visitor " + secretOf(person)))
	at := channel.Address{Channel: webchat.Name, ID: hex.EncodeToString(sum[:])[:20]}
	p.bot.mu.Lock()
	p.bot.say(p.bot.talk(at), false, dialogs.Message{Text: greeting})
	p.bot.mu.Unlock()
	p.met[person] = at
	return at
}

const greeting = "Chào anh/chị."

// post sends a form of the page; the same id is the same form sent again.
func (p *people) post(ctx context.Context, person, id string, form url.Values) error {
	p.address(person)
	sum := sha256.Sum256([]byte(id))
	form.Set("id", hex.EncodeToString(sum[:16]))
	req, err := http.NewRequestWithContext(ctx, "POST", p.srv.URL+"/say", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header = cookie(secretOf(person))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.srv.Client().Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the page answered %s", resp.Status)
	}
	return nil
}

// seen is what the log of a visitor's page shows of the bot.
func (p *people) seen(person string) []dialogs.Message {
	p.address(person)
	req, _ := http.NewRequest("GET", p.srv.URL+"/", nil)
	req.Header = cookie(secretOf(person))
	resp, err := p.srv.Client().Do(req)
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		panic(err)
	}
	doc, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	var out []dialogs.Message
	walk(doc, func(n *html.Node) {
		if attr(n, "class") != "entry bot" || !inLog(n) {
			return
		}
		var m dialogs.Message
		if said := find(n, func(n *html.Node) bool { return attr(n, "class") == "said" }); said != nil {
			m.Text = textOf(said)
		}
		if m.Text == greeting {
			return
		}
		walk(n, func(n *html.Node) {
			if n.Data == "button" && attr(n, "name") == "press" {
				m.Buttons = append(m.Buttons, []dialogs.Button{{ID: attr(n, "value"), Label: strings.TrimSpace(textOf(n))}})
			}
		})
		out = append(out, m)
	})
	return out
}
