package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// readJSON returns JSON as it was read from a file of this name. What is wrong
// with it is told with line and column, as editors count them; advice says what
// it should be.
func readJSON(name string, raw []byte, advice string) (json.RawMessage, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // Notepad puts a mark in front of the text
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fmt.Errorf("%s is not JSON but empty; %s", name, advice)
	}
	var whole json.RawMessage
	err := json.Unmarshal(raw, &whole)
	wrong, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return raw, err
	}
	before := raw[:min(max(int(wrong.Offset)-1, 0), len(raw))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(bytes.Runes(before[bytes.LastIndexByte(before, '\n')+1:])) + 1
	return nil, fmt.Errorf("%s:%d:%d: this is not JSON: %w; %s", name, line, column, wrong, advice)
}
