package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/dialogs"
)

// network is one network that is sent to: its channel, what sends to it, and
// where it calls us.
type network struct {
	channel interface {
		channel.Sender
		channel.Poller
	}
	pace outbox.Pace
	box  *outbox.Outbox
	path string // of its webhook; empty: it has none
	hook http.Handler
}

// pushed are the means of every network that is sent to: what messages are cut to when they are written, whether or
// not the network is switched on: a command that runs without the server writes
// to people whom the server will send to.
func pushed() map[string]channel.Capabilities {
	return map[string]channel.Capabilities{telegram.Name: telegram.New(telegram.Options{}).Capabilities()}
}

// makeNetworks makes those that the settings switch on.
func (b *Bot) makeNetworks() {
	if b.cfg.Telegram.Token != "" {
		b.networks = append(b.networks, b.makeTelegram())
	}
	for _, n := range b.networks {
		name := n.channel.Name()
		b.turns.channels[name] = n.channel.Capabilities()
		count := func(lane outbox.Lane, result string, took time.Duration) {
			b.metrics.Sent(name, lane.String(), result, took)
		}
		n.box = outbox.New(b.store.Outbox(), n.channel, n.pace, outbox.Options{Log: b.log, Count: count})
	}
}

// perChat is the least time between two messages to one chat on Telegram (Bots
// FAQ, “My bot is hitting limits”).
const perChat = time.Second

func (b *Bot) makeTelegram() *network {
	log := b.log.With("network", telegram.Name)
	lib := b.turns.engine.Load().Library()
	t := telegram.New(telegram.Options{
		Token: b.cfg.Telegram.Token.Reveal(), API: b.cfg.Telegram.API, Log: log, Transport: b.transport,
		Webhook: b.cfg.Telegram.Webhook, Paid: b.cfg.Telegram.Paid, PublicURL: b.cfg.PublicURL,
		Files: carried{b}, Notes: notes{b, telegram.Name}, Commands: telegramMenu(lib),
		Description: lib.Text("telegram.description"), Short: lib.Text("telegram.short"),
		Words: telegram.Words{Group: lib.Text("telegram.group"), GroupButton: lib.Text("telegram.private"),
			Away: lib.Text("telegram.away"), Number: lib.Text("telegram.number")},
	})
	if b.cfg.Telegram.Rate > telegram.FreeRate && !b.cfg.Telegram.Paid {
		log.Warn("Telegram takes so many messages a second only as paid broadcasts and will ask to wait; set SACHHON_TELEGRAM_PAID=true or lower SACHHON_TELEGRAM_RATE",
			"rate", b.cfg.Telegram.Rate, "free", telegram.FreeRate)
	}
	b.opened[telegram.Name] = t.Open
	n := &network{channel: t, pace: outbox.Pace{PerSecond: b.cfg.Telegram.Rate, PerAddress: perChat}}
	if b.cfg.Telegram.Webhook {
		n.path, n.hook = telegram.WebhookPath, t.Webhook(receiver{b})
	}
	return n
}

// networkParts run the networks: for each what sends to it, then what listens.
// Listening stops first, so that what was heard last is still answered.
func (b *Bot) networkParts() []part {
	var boxes, ears []*background
	return []part{
		{"outboxes", func(ctx context.Context) error {
			b.makeNetworks()
			b.feeder.holdBack(ctx)
			for _, n := range b.networks {
				boxes = append(boxes, run(n.box.Run))
			}
			return nil
		}, func(ctx context.Context) error { return stopAll(ctx, boxes) }},
		{"networks", func(context.Context) error {
			for _, n := range b.networks {
				ears = append(ears, run(func(ctx context.Context) error { return n.channel.Poll(ctx, receiver{b}) }))
			}
			return nil
		}, func(ctx context.Context) error { return stopAll(ctx, ears) }},
	}
}

// stopAll ends all of them at once and waits for each.
func stopAll(ctx context.Context, all []*background) error {
	var errs []error
	for _, one := range all {
		one.cancel()
	}
	for _, one := range all {
		errs = append(errs, one.stop(ctx))
	}
	return errors.Join(errs...)
}

// wakeOutboxes makes them look for new rows.
func (b *Bot) wakeOutboxes() {
	for _, n := range b.networks {
		n.box.Wake()
	}
}

// hooks mounts where networks call us.
func (b *Bot) hooks(mux *http.ServeMux) {
	for _, n := range b.networks {
		if n.hook != nil {
			mux.Handle(n.path, n.hook)
		}
	}
}

// telegramMenu is the menu beside the text field: the commands that help lists,
// by their names in each language.
func telegramMenu(lib *dialogs.Library) map[dialogs.Lang][]telegram.Command {
	menu := map[dialogs.Lang][]telegram.Command{}
	for _, c := range lib.Commands() {
		if c.About.Empty() {
			continue
		}
		for i, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
			menu[lang] = append(menu[lang], telegram.Command{Name: c.Names[min(i, len(c.Names)-1)], About: c.About.In(lang)})
		}
	}
	return menu
}

// receiver is the committer as networks see it.
type receiver struct{ b *Bot }

// Receive commits what arrived.
func (r receiver) Receive(ctx context.Context, in ...channel.Incoming) error {
	return r.b.committer.Receive(ctx, in...)
}

// carried opens what messages carry.
type carried struct{ b *Bot }

// Open returns the bytes that a media reference names. Those of a leaflet or a
// file of the centre are the same for everybody; what is made for one person is
// not to be found again at the network.
func (c carried) Open(ctx context.Context, ref string) (body io.ReadCloser, shared bool, err error) {
	err = c.b.store.View(ctx, func(tx *store.Tx) error {
		body, err = c.b.openRef(tx, ref)
		return err
	})
	return body, isShared(ref), err
}

// isShared says whether the same bytes go to many people.
func isShared(ref string) bool {
	return strings.HasPrefix(ref, refFile) || strings.HasPrefix(ref, refLeaflet)
}

// notes is the memory of one channel in the store.
type notes struct {
	b       *Bot
	channel string
}

// Note returns what was noted under key; "" when nothing.
func (n notes) Note(ctx context.Context, key string) (value string, err error) {
	err = n.b.store.View(ctx, func(tx *store.Tx) error {
		value, err = tx.Note(n.channel, key)
		return err
	})
	return value, err
}

// PutNote keeps a note; "" deletes it.
func (n notes) PutNote(ctx context.Context, key, value string) error {
	return n.b.committer.Do(ctx, func(tx Tx, _ *effects) error { return tx.PutNote(n.channel, key, value) })
}
