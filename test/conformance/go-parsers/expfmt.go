package main

import (
	"bytes"
	"errors"
	"io"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"google.golang.org/protobuf/encoding/protojson"
)

func readExpfmt(asked request, page []byte, result *answer) error {
	decoder := expfmt.NewDecoder(bytes.NewReader(page), expfmt.Format(asked.ContentType))
	for {
		var family dto.MetricFamily
		if err := decoder.Decode(&family); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		result.Count++
		if asked.CountOnly {
			continue
		}
		text, err := protojson.Marshal(&family)
		if err != nil {
			return err
		}
		result.Families = append(result.Families, text)
	}
}
