<?php
$config = [
  'baseurlpath' => getenv('IDP_URL') . '/',
  'certdir' => getenv('IDP_ROOM') . '/', 'loggingdir' => getenv('IDP_ROOM') . '/',
  'datadir' => getenv('IDP_ROOM') . '/', 'tempdir' => getenv('IDP_ROOM') . '/tmp',
  'metadatadir' => getenv('SIMPLESAMLPHP_CONFIG_DIR') . '/metadata/',
  'secretsalt' => 'of-this-test-alone', 'auth.adminpassword' => bin2hex(random_bytes(9)),
  'technicalcontact_email' => 'nobody@estate.test', 'timezone' => 'UTC',
  'logging.handler' => 'errorlog', 'logging.level' => 5, 'production' => false,
  'enable.saml20-idp' => true,
  'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'session.duration' => 28800, 'store.type' => 'phpsession', 'session.cookie.secure' => false,
  'session.phpsession.cookiename' => 'SimpleSAML', 'session.phpsession.savepath' => getenv('IDP_ROOM') . '/tmp',
  'language.default' => 'en', 'language.available' => ['en'], 'theme.use' => 'default',
  'metadata.sources' => [['type' => 'flatfile']], 'trusted.url.domains' => null,
];
