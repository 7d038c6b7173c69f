// Command sachhon is the whole product in one file: a chat bot by which a
// centre of industrial promotion talks with enterprises about cleaner
// production (sản xuất sạch hơn). `sachhon demo` shows it, `sachhon serve` runs
// it; see README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"

	"github.com/alecthomas/kong"

	"sachhon/bot/config"
)

func main() {
	// Nothing is garbage while the program starts: not looking for any brings the
	// first answer some milliseconds earlier.
	percent := debug.SetGCPercent(-1)
	started := sync.OnceFunc(func() {
		debug.SetGCPercent(percent)
		debug.FreeOSMemory()
	})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], environment{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, lookup: os.LookupEnv, readFile: os.ReadFile, hangup: hangups(), started: started,
	}))
}

// hangups delivers SIGHUP, on which a server reads its content again.
func hangups() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c
}

// environment is everything the program touches outside itself, so that tests
// can run commands in their own process.
type environment struct {
	in       io.Reader
	out, err io.Writer
	lookup   func(string) (string, bool)
	readFile func(string) ([]byte, error)
	hangup   <-chan os.Signal
	started  func() // called once the start is over
}

// Exit codes: done, failed, wrong usage.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is the table of commands.
type cli struct {
	Config string `help:"Read settings from this YAML file." placeholder:"FILE" type:"path"`
	Data   string `help:"Folder of the store, backups and media (SACHHON_DATA)." placeholder:"DIR"`

	Demo      demoCmd      `cmd:"" help:"Show everything with sample classes and nothing to set up."`
	Serve     serveCmd     `cmd:"" default:"withargs" help:"Run the bot."`
	Chat      chatCmd      `cmd:"" help:"Talk with the bot in the terminal."`
	Check     checkCmd     `cmd:"" help:"Read all content and print every problem; with --store, check the store."`
	Test      testCmd      `cmd:"" help:"Play all transcripts of the content and print what differs."`
	Content   contentCmd   `cmd:"" help:"Take the content out to edit it."`
	Class     classCmd     `cmd:"" help:"Training classes."`
	Inbox     inboxCmd     `cmd:"" help:"Questions that people asked a person."`
	Leaflet   leafletCmd   `cmd:"" help:"Leaflets to print, and whom they brought."`
	Token     tokenCmd     `cmd:"" help:"Tokens of programs that use the API."`
	Outbox    outboxCmd    `cmd:"" help:"Messages on their way to networks, and those that were given up."`
	Broadcast broadcastCmd `cmd:"" help:"Messages to everybody of a segment."`
	Segment   segmentCmd   `cmd:"" help:"Saved segments: whom broadcasts are meant for, under a name."`
	Rehearse  rehearseCmd  `cmd:"" help:"Play a broadcast, or the campaigns of the next days, before it is real."`
	Why       whyCmd       `cmd:"" help:"Say what somebody was sent and is to be sent, and why not what they did not get."`
	Request   requestCmd   `cmd:"" help:"Requests for an expert's visit."`
	Export    exportCmd    `cmd:"" help:"Registrations, contacts, self-checks or requests as xlsx, csv or json."`
	Run       runCmd       `cmd:"" help:"What the house does by schedule, such as the nightly housekeeping."`
	Version   versionCmd   `cmd:"" help:"Print version, Go version and content version."`
}

// usageError is a wrong use of the command line.
type usageError struct{ error }

// run carries one command line out and returns the exit code.
func run(ctx context.Context, args []string, env environment) int {
	c := cli{Serve: serveCmd{Plugins: kong.Plugins{settingFlags()}}}
	exit := -1
	parser, err := kong.New(&c, kong.Name("sachhon"), kong.Writers(env.out, env.err),
		kong.Description("A chat bot for a cleaner-production programme: classes, self-checks, reminders."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { exit = code }),
		kong.Help(help), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&env, &c))
	if err != nil {
		return fail(env, fmt.Errorf("read command line: %w", err))
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		return fail(env, usageError{fmt.Errorf("%w; see `sachhon --help`", err)})
	}
	if parsed.Command() != "serve" {
		env.started()
	}
	if err := parsed.Run(); err != nil {
		return fail(env, err)
	}
	return exitDone
}

// help prints kong's help, and below that of serve every setting.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if ctx.Selected() == nil || ctx.Selected().Name != "serve" {
		return nil
	}
	fmt.Fprintln(ctx.Stdout, "\nSettings: as a flag, in the environment or in the file of --config, in this order.")
	return config.Help(ctx.Stdout)
}

// errQuiet ends with status 1 when everything was said already.
var errQuiet = errors.New("failed")

func fail(env environment, err error) int {
	if !errors.Is(err, errQuiet) {
		fmt.Fprintln(env.err, "sachhon: "+strings.TrimSpace(err.Error()))
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	if _, ok := errors.AsType[*config.Error](err); ok {
		return exitUsage
	}
	return exitFailed
}

// settings reads the configuration with what the command line gave.
func (c *cli) settings(env *environment, more map[string]string) (config.Config, error) {
	flags := map[string]string{}
	if c.Config != "" {
		flags["config"] = c.Config
	}
	if c.Data != "" {
		flags["data"] = c.Data
	}
	for k, v := range more {
		flags[k] = v
	}
	return config.Load(flags, env.lookup, env.readFile)
}

// logger writes the log to standard error.
func logger(env *environment, cfg config.Config) *slog.Logger {
	opts := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == config.LogJSON {
		return slog.New(slog.NewJSONHandler(env.err, opts))
	}
	return slog.New(slog.NewTextHandler(env.err, opts))
}
