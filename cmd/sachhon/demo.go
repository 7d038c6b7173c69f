package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"sachhon/bot"
	"sachhon/bot/config"
)

type demoCmd struct {
	Listen   string `help:"HOST:PORT of the web chat; none: 127.0.0.1:8080, or any free port when that is taken." placeholder:"HOST:PORT"`
	Telegram bool   `help:"Talk on a stand-in for Telegram too, with a page on which you play the person; no account is needed."`
	LAN      bool   `name:"lan" help:"Listen for phones in the same network too, and print an address they can open."`
}

// Run serves a fresh data folder with sample classes and prints where to look.
func (d *demoCmd) Run(ctx context.Context, env *environment, all *cli) (err error) {
	folder := all.Data
	if folder == "" {
		if folder, err = os.MkdirTemp("", "sachhon-demo-"); err != nil {
			return fmt.Errorf("make data folder: %w", err)
		}
		defer os.RemoveAll(folder)
	}
	more := map[string]string{}
	var tg *standIn
	if d.Telegram {
		if tg, err = openStandIn(ctx, d.host()); err != nil {
			return err
		}
		defer tg.close()
		more["telegram-token"], more["telegram-api"] = standInToken, tg.api.URL()
	}
	cfg, err := d.settings(env, all, folder, more)
	if err != nil {
		return err
	}
	b := bot.New(bot.Options{Config: cfg, Version: version(), Log: logger(env, cfg)})
	if err := b.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	if err := b.AddSamples(ctx); err != nil {
		return err
	}
	fmt.Fprintf(env.out, "http://%s/\n", d.shownAddress(b.Addr()))
	fmt.Fprintf(env.err, "\nOpen this page: it is the web chat, with sample classes. Data: %s\n", folder)
	if tg != nil {
		fmt.Fprintf(env.err, "The same bot on a stand-in for Telegram: http://%s/\n", d.shownAddress(tg.url))
		if until := b.NightUntil(); until.After(time.Now()) {
			fmt.Fprintf(env.err, "At the centre it is night: what nobody asked for just now, such as a freed seat or a broadcast, waits until %s there.\n", until.Format("15:04"))
		}
	}
	if !d.LAN {
		fmt.Fprintln(env.err, "On a phone in the same network: sachhon demo --lan")
	}
	fmt.Fprintf(env.err, "In another terminal: sachhon chat --data %s\nCtrl-C ends it.\n", folder)
	<-ctx.Done()
	return nil
}

// settings are the defaults but for what a demonstration needs; a port that is
// taken is no reason not to show anything.
func (d *demoCmd) settings(env *environment, all *cli, folder string, more map[string]string) (config.Config, error) {
	listen, given := d.Listen, d.Listen != ""
	if !given {
		if listen, given = env.lookup("SACHHON_LISTEN"); !given {
			listen = "127.0.0.1:8080"
		}
	}
	if host, port, err := net.SplitHostPort(listen); err == nil && d.LAN && host == "127.0.0.1" {
		listen = net.JoinHostPort("", port)
	}
	if !given && !free(listen) {
		host, _, _ := net.SplitHostPort(listen)
		listen = net.JoinHostPort(host, "0")
	}
	more["data"], more["listen"], more["metrics-listen"] = folder, listen, ""
	if _, given := env.lookup("SACHHON_LOG_LEVEL"); !given {
		more["log-level"] = "warn"
	}
	return all.settings(env, more)
}

// host is where pages are shown: this machine, or the whole network.
func (d *demoCmd) host() string {
	if d.LAN {
		return ""
	}
	return "127.0.0.1"
}

// free says whether the address can be listened on.
func free(address string) bool {
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	return ln.Close() == nil
}

// shownAddress is the address as somebody else's browser needs it.
func (d *demoCmd) shownAddress(listens string) string {
	host, port, err := net.SplitHostPort(listens)
	if err != nil || !net.ParseIP(host).IsUnspecified() {
		return listens
	}
	if addrs, err := net.InterfaceAddrs(); err == nil && d.LAN {
		for _, a := range addrs {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.IsPrivate() && ip.IP.To4() != nil {
				return net.JoinHostPort(ip.IP.String(), port)
			}
		}
	}
	return net.JoinHostPort("127.0.0.1", port)
}
