package main

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"sachhon/bot"
	"sachhon/bot/config"
)

// serveCmd runs the bot with every setting as a flag.
type serveCmd struct {
	kong.Plugins // one field for each setting, see settingFlags
}

// Run serves until SIGTERM or an interrupt. SIGHUP reads the content again.
func (s *serveCmd) Run(ctx context.Context, env *environment, c *cli) error {
	cfg, err := c.settings(env, s.given())
	if err != nil {
		return err
	}
	log := logger(env, cfg)
	b := bot.New(bot.Options{Config: cfg, Version: version(), Log: log})
	return b.Serve(ctx, func(b *bot.Bot) {
		go env.started()
		go func() {
			for range env.hangup {
				if err := b.LoadContent(); err != nil {
					log.Error("content not read again", "error", err)
					continue
				}
				log.Info("content read again")
			}
		}()
	})
}

// settingFlags makes a struct with a string field for each setting, which kong
// reads as flags; --data and --config are the program's own already.
func settingFlags() any {
	var fields []reflect.StructField
	for _, s := range config.Settings() {
		if s.Flag == "" || s.Flag == "data" || s.Flag == "config" {
			continue
		}
		name := "F" + strings.ReplaceAll(s.Flag, "-", "_")
		kind := reflect.TypeFor[*string]()
		if s.Switch {
			kind = reflect.TypeFor[*bool]()
		}
		fields = append(fields, flagField(name, s.Flag, kind))
		if s.Secret {
			fields = append(fields, flagField(name+"_file", s.Flag+"-file", kind))
		}
	}
	return reflect.New(reflect.StructOf(fields)).Interface()
}

// flagField is one hidden flag: config.Help lists them all below kong's help.
func flagField(name, flag string, kind reflect.Type) reflect.StructField {
	return reflect.StructField{Name: name, Type: kind, Tag: reflect.StructTag(`name:"` + flag + `" hidden:""`)}
}

// given returns the settings that were given as flags.
func (s *serveCmd) given() map[string]string {
	flags := map[string]string{}
	for _, p := range s.Plugins {
		v := reflect.ValueOf(p).Elem()
		for i := range v.NumField() {
			name := v.Type().Field(i).Tag.Get("name")
			switch f := v.Field(i).Interface().(type) {
			case *string:
				if f != nil {
					flags[name] = *f
				}
			case *bool:
				if f != nil {
					flags[name] = strconv.FormatBool(*f)
				}
			}
		}
	}
	return flags
}
