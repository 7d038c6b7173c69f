package config_test

import (
	"errors"
	"strings"
	"testing"

	"sachhon/bot/config"
)

// checkError holds what every error of Load promises.
func checkError(t *testing.T, err error) {
	t.Helper()
	var wrong *config.Error
	if err != nil && (!errors.As(err, &wrong) || wrong.Setting == "" || wrong.Want == "") {
		t.Errorf("%v: no Error with a name and what to do", err)
	}
	if err != nil && strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("more than one line: %q", err)
	}
}

// FuzzFile: no file brings the reader down, and what it refuses it refuses with
// an Error.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"", "data: x", "telegram: {token: 1:a}", "widget_origins: [https://a.vn]", "a: &x 1\nb: *x", "? a\n: b",
		"data: |\n  x\n", "data: 'x", "%YAML 1.2\n---\nhold: 12h", "<<: {data: x}", "data: !!binary aGk=", "- - a", "\t", "{", "\"\": x", "\"a\\nb\": x", "data: x\xff", "centre_name: \"\\u00e2\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, yaml string) {
		_, err := world{flags: map[string]string{"config": "c"}, files: map[string]string{"c": yaml}}.load()
		checkError(t, err)
	})
}

// FuzzValue: whatever the value of a setting, it is taken or refused with an
// Error; one line, no secret, and the same answer by flag as by environment.
func FuzzValue(f *testing.F) {
	settings := config.Settings()
	for i, s := range settings {
		f.Add(i, s.Default)
		for _, v := range samples[s.Name] {
			f.Add(i, v)
		}
	}
	f.Fuzz(func(t *testing.T, i int, v string) {
		if i < 0 || i >= len(settings) || strings.TrimSpace(v) == "" {
			return // no such setting, or empty, which differs by source
		}
		s := settings[i]
		_, byEnv := world{env: with(s.Name, v)}.load()
		checkError(t, byEnv)
		env := with(s.Name, "")
		delete(env, s.Name)
		_, byFlag := world{flags: map[string]string{s.Flag: v}, env: env}.load()
		if (byEnv == nil) != (byFlag == nil) {
			t.Errorf("%s: %v by environment, %v by flag", s.Name, byEnv, byFlag)
		}
		var wrong *config.Error
		if errors.As(byEnv, &wrong) && s.Secret && wrong.Value != "" {
			t.Errorf("%s: the value shows: %v", s.Name, byEnv)
		}
	})
}
