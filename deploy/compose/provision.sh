#!/bin/bash
# Runs inside the PostgreSQL container at its first start: roles and databases, made by make-secrets.ts beside the passwords.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --quiet --username="$POSTGRES_USER" --dbname=postgres --file=/run/alicerce/provision.sql
