package bot

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sachhon/bot/channel"

	"sachhon/bot/channel/terminal"
	"sachhon/bot/channel/webchat"
	"sachhon/bot/config"
	"sachhon/bot/metrics"
	"sachhon/bot/search"
	"sachhon/bot/store"
	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// Options are what a Bot is made of. Config, Version and Log are needed; the
// rest has the defaults of the real program.
type Options struct {
	Config  config.Config
	Version string
	Log     *slog.Logger
	Now     func() time.Time // nil: time.Now
	Random  io.Reader        // nil: crypto/rand
	Content fs.FS            // nil: the folder of Config.Content, or the embedded content
	// Transport carries requests to networks; nil: connections of their own.
	Transport http.RoundTripper
}

// Bot is the running program.
type Bot struct {
	cfg     config.Config
	version string
	log     *slog.Logger
	now     func() time.Time
	random  io.Reader
	files   fs.FS

	store     *store.Store
	set       atomic.Pointer[content.Set]
	index     atomic.Pointer[search.Index]
	turns     *turns
	committer *Committer
	watchers  *watchers
	runner    *scheduler.Runner
	feeder    *feeder
	calendar  *scheduler.Calendar
	// newContent says that the content was read and plans may differ from it.
	newContent chan struct{}
	gate       atomic.Pointer[scheduler.Gate]
	web        *webchat.Web
	server     *server
	metrics    *metrics.Metrics
	transport  http.RoundTripper
	networks   []*network
	opened     map[string]func(ctx context.Context, ref string) (io.ReadCloser, error) // files kept by a network
	parts      []part
	ready      atomic.Bool
}

// New returns a Bot that does nothing yet.
func New(o Options) *Bot {
	b := &Bot{cfg: o.Config, version: o.Version, log: o.Log, now: o.Now, random: o.Random, files: o.Content, watchers: newWatchers(), newContent: make(chan struct{}, 1),
		transport: o.Transport, opened: map[string]func(context.Context, string) (io.ReadCloser, error){}}
	if b.now == nil {
		b.now = time.Now
	}
	if b.random == nil {
		b.random = rand.Reader
	}
	if b.files == nil {
		b.files = content.Embedded()
		if b.cfg.Content != "" {
			b.files = os.DirFS(b.cfg.Content)
		}
	}
	b.metrics = metrics.New()
	b.turns = &turns{newID: b.newID, log: b.log, channels: map[string]channel.Capabilities{
		"terminal": terminal.Capabilities(),
	}}
	b.turns.desk = newActions(b)
	return b
}

func (b *Bot) webOptions() webchat.Options {
	return webchat.Options{Centre: b.cfg.Centre.Name, PublicURL: b.cfg.PublicURL, WidgetOrigins: b.cfg.WidgetOrigins,
		TrustedProxies: b.cfg.TrustedProxies, Limits: webchat.Limits{VisitorRate: 5, VisitorBurst: 60}, Location: b.cfg.Timezone, Log: b.log, Now: b.now}
}

// clock is the time as people read it.
func (b *Bot) clock() time.Time { return b.now().In(b.cfg.Timezone) }

// newID returns a fresh contact id: 80 random bits, free of personal data.
func (b *Bot) newID() string {
	var raw [10]byte
	if _, err := io.ReadFull(b.random, raw[:]); err != nil {
		panic("random source failed: " + err.Error()) // crypto/rand never fails
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw[:]))
}

// Serve starts everything, calls up once it is ready, waits for ctx to end and
// stops everything within StopBudget.
func (b *Bot) Serve(ctx context.Context, up func(*Bot)) error {
	if err := b.Start(ctx); err != nil {
		return err
	}
	if up != nil {
		up(b)
	}
	<-ctx.Done()
	return b.Stop()
}

// Start starts every part in order, or none: a failure stops what runs already.
func (b *Bot) Start(ctx context.Context) (err error) {
	if err := notYet(b.cfg); err != nil {
		return err
	}
	b.server = newServer(b)
	b.web = webchat.New(webPort{b}, b.webOptions())
	b.turns.channels[b.web.Name()] = b.web.Capabilities()
	b.parts, err = startParts(ctx, b.log, slices.Concat([]part{
		{"listener", b.server.listen, b.server.close},
		{"metrics", b.server.listenMetrics, b.server.closeMetrics},
		{"store", b.openStore, b.closeStore},
		{"content", func(context.Context) error { return b.LoadContent() }, b.closeContent},
		{"committer", b.startCommitter, b.stopCommitter},
	}, b.networkParts(), []part{
		b.runnerPart(),
		b.campaignsPart(),
		b.calendarPart(),
		b.feederPart(),
		{"control socket", b.server.listenControl, b.server.closeControl},
		{"ready", b.setReady, b.setUnready},
	}))
	return err
}

// notYet refuses settings of networks that this version does not talk on, so
// that nobody waits for messages that never come.
func notYet(cfg config.Config) error {
	for name, given := range map[string]bool{
		"SACHHON_ZALO_OA_APP_ID": cfg.ZaloOA.AppID != "",
		"SACHHON_ZALO_BOT_TOKEN": cfg.ZaloBot.Token != "",
	} {
		if given {
			return fmt.Errorf("%s is set, but this version talks by Telegram, web page and terminal only; leave it empty", name)
		}
	}
	return nil
}

// ErrInUse means that another process has the store of the data folder.
var ErrInUse = store.ErrInUse

// OpenHere opens the store in this process for one command, without networks or
// due jobs. Other commands reach it by the control socket while it lasts. It
// fails with [ErrInUse] while another process has the store.
func (b *Bot) OpenHere(ctx context.Context) (err error) {
	b.server = newServer(b)
	maps.Copy(b.turns.channels, pushed())
	b.turns.channels["web"] = webchat.New(webPort{b}, b.webOptions()).Capabilities()
	b.parts, err = startParts(ctx, b.log, []part{
		{"store", b.openStore, b.closeStore},
		{"content", func(context.Context) error { return b.LoadContent() }, b.closeContent},
		{"committer", b.startCommitter, b.stopCommitter},
		{"control socket", b.server.listenControl, b.server.closeControl},
	})
	return err
}

// Stop stops every part in reverse.
func (b *Bot) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), StopBudget)
	defer cancel()
	return stopParts(ctx, b.log, b.parts)
}

// Addr is the address that the web chat listens on, "127.0.0.1:8080".
func (b *Bot) Addr() string { return b.server.addr() }

// Control is what commands of the shell speak to: the same routes as the
// socket in the data folder.
func (b *Bot) Control() http.Handler { return b.server.control }

func (b *Bot) setReady(context.Context) error {
	b.ready.Store(true)
	b.log.Info("ready", "address", b.Addr(), "version", b.version, "content", b.set.Load().Version)
	return nil
}

func (b *Bot) setUnready(context.Context) error {
	b.ready.Store(false)
	return nil
}

func (b *Bot) openStore(context.Context) (err error) {
	b.store, err = store.Open(b.cfg.Data, b.log)
	return err
}

func (b *Bot) closeStore(context.Context) error { return b.store.Close() }

func (b *Bot) startCommitter(context.Context) error {
	b.committer = newCommitter(boltStore{b.store}, b.turns, b.clock, b.afterCommit, b.metrics.Committed, b.log)
	b.runner = scheduler.NewRunner(b.fire, b.log)
	b.feeder = newFeeder(b)
	go b.committer.Run()
	return b.makeCalendar()
}

func (b *Bot) stopCommitter(context.Context) error {
	b.committer.Close()
	return nil
}

func (b *Bot) runnerPart() part {
	var bg *background
	return part{"due jobs", func(context.Context) error {
		bg = run(b.runner.Run)
		return nil
	}, func(ctx context.Context) error { return bg.stop(ctx) }}
}

// afterCommit is told of every commit; it must not wait.
func (b *Bot) afterCommit(fx effects) {
	b.watchers.tell(fx.watched)
	if fx.turns > 0 && b.ready.Load() {
		// Whoever has just said something may ask next: the index is made beside
		// the writer meanwhile, and a start does not wait for it.
		b.index.Load().MakeSoon()
	}
	if fx.planned {
		b.runner.Wake()
	}
	if fx.queued {
		b.wakeOutboxes()
	}
	if fx.cast {
		b.feeder.wakeUp()
	}
}

func (b *Bot) closeContent(context.Context) error { return b.index.Swap(nil).Close() }

// LoadContent reads the content anew and talks from it; when it has errors the
// old one stays.
func (b *Bot) LoadContent() error {
	set, problems := content.Load(b.files)
	var all []error
	for _, p := range problems {
		if p.Severity == content.Error {
			all = append(all, errors.New(p.String()))
		}
	}
	if len(all) > 0 || set == nil {
		return fmt.Errorf("load content: %w\nrun `sachhon check` for the whole list", errors.Join(all...))
	}
	b.set.Store(set)
	b.gate.Store(scheduler.NewGate(scheduler.HouseWindows(scheduler.NewDays(set.Holidays(), b.cfg.Timezone))))
	b.turns.engine.Store(dialogs.NewEngine(set.Library))
	if b.plansDiffer() {
		select {
		case b.newContent <- struct{}{}:
		default: // nobody has looked at the last one yet
		}
	}
	return b.index.Swap(search.New(set)).Close()
}
