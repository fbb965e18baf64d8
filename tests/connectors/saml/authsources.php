<?php
$config = [
  'people' => ['exampleauth:UserPass', 'reader:' . getenv('IDP_PASSWORD') => ['uid' => ['reader']]],
];
